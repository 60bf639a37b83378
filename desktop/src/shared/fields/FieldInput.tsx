import { MultiSelect, NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { KeyboardEventHandler, ReactNode, Ref } from 'react';
import type { Json } from '../api/types.ts';
import { type Control, typedOf, valueOfTyped } from './fieldTypes.ts';

interface Props {
  control: Control;
  value: Json;
  onChange: (value: Json) => void;
  /** Whatever the place wants the control to be: named, described, out of use, in error. */
  id?: string;
  label?: string;
  description?: string;
  required?: boolean;
  autoFocus?: boolean;
  disabled?: boolean;
  error?: ReactNode;
  describedBy?: string | undefined;
  inputRef?: Ref<HTMLElement>;
  onKeyDown?: KeyboardEventHandler;
  onBlur?: () => void;
}

/** The control that edits a value of a field type. */
export function FieldInput({ control, value, onChange, describedBy, inputRef, ...rest }: Props) {
  const common = {
    ...rest,
    size: 'xs' as const,
    withAsterisk: rest.required === true,
    ...(describedBy && { 'aria-describedby': describedBy }),
  };
  const set = (typed: string) => onChange(valueOfTyped(control, typed));
  switch (control.as) {
    case 'choice':
      return (
        <NativeSelect
          {...common}
          ref={inputRef as Ref<HTMLSelectElement>}
          data={[...control.options]}
          value={typedOf(control, value)}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case 'choices':
      return (
        <MultiSelect
          {...common}
          searchable
          ref={inputRef as Ref<HTMLInputElement>}
          data={[...control.options]}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={(chosen) => onChange(chosen)}
        />
      );
    case 'lines':
      return (
        <Textarea
          {...common}
          ref={inputRef as Ref<HTMLTextAreaElement>}
          autosize
          minRows={2}
          maxRows={12}
          dir="auto"
          value={typedOf(control, value)}
          onChange={(event) => onChange(event.currentTarget.value || null)}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          ref={inputRef as Ref<HTMLInputElement>}
          type={control.type}
          {...(control.mode && { inputMode: control.mode })}
          dir={control.type === 'text' ? 'auto' : 'ltr'}
          autoComplete="off"
          value={typedOf(control, value)}
          onChange={(event) => {
            // Blanks at the ends are kept while one types; the server takes them off.
            const typed = event.currentTarget.value;
            onChange(control.value ? control.value(typed) : typed === '' ? null : typed);
          }}
        />
      );
  }
}
