import { ActionIcon, Button, Loader, NativeSelect, TextInput, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Customer } from '../../../shared/api/types.ts';
import { useOnline, useTouched } from '../../../shared/live/live.ts';
import type { FieldName } from '../drafts.ts';
import { useFieldEdit } from '../useFieldEdit.ts';
import { textValue } from '../values.ts';
import { ConflictChoice } from './ConflictChoice.tsx';
import { FieldProblem } from './FieldProblem.tsx';
import styles from './InlineField.module.css';

type TextField = Exclude<FieldName, 'addresses' | 'consent'>;

interface Props {
  customer: Customer;
  field: TextField;
  label: string;
  /** How a stored value shows; the text itself unless said otherwise. */
  show?: (value: string) => ReactNode;
  options?: readonly { value: string; label: string }[];
  input?: 'text' | 'tel' | 'email';
}

/** One value of the card: click or F2 to edit, Enter saves, Escape restores; it says itself how that went. */
export function InlineField({ customer, field, label, show, options, input = 'text' }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const online = useOnline();
  const touched = useTouched(`customer/${customer.id}/${field}`);
  const { edit, status, begin, type, cancel, save, saveShared, settle } = useFieldEdit(
    customer,
    field,
  );
  const view = useRef<HTMLButtonElement>(null);
  const editor = useRef<HTMLInputElement & HTMLSelectElement>(null);
  const asked = useRef(false);
  const editing = edit !== undefined;
  const stored = customer[field];
  const typed = typeof edit?.value === 'string' ? edit.value : '';
  const problem = status.is === 'failed' ? status.problem : null;

  // The focus follows into the field and back only when a person asked for it here.
  useEffect(() => {
    if (!asked.current) return;
    asked.current = false;
    if (editing) editor.current?.focus();
    else view.current?.focus();
    if (editing && !options) editor.current?.select();
  }, [editing, options]);

  const start = () => {
    asked.current = true;
    begin();
  };
  const leave = (act: () => void) => {
    asked.current = true;
    act();
  };
  const submit = () => leave(() => save(textValue(typed)));
  const onKeyDown = (event: KeyboardEvent) => {
    // Alt+Enter goes to a call: what is half typed here must not be saved by it.
    if (event.nativeEvent.isComposing || event.altKey) return;
    if (event.key === 'Enter') submit();
    else if (event.key === 'Escape') leave(cancel);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  if (!editing) {
    return (
      <div className={styles.row}>
        <button
          ref={view}
          type="button"
          data-field={field}
          className={styles.view}
          onClick={start}
          onKeyDown={(event) => {
            if (event.key !== 'F2') return;
            event.preventDefault();
            event.stopPropagation();
            start();
          }}
        >
          <span className={styles.label}>{label}</span>
          <span
            key={touched}
            className={styles.value}
            data-touched={touched > 0 || undefined}
            data-empty={!stored || undefined}
          >
            {stored ? (
              <bdi>{show ? show(stored) : stored}</bdi>
            ) : (
              <VisuallyHidden>{t('card.empty')}</VisuallyHidden>
            )}
          </span>
          <VisuallyHidden>{t('card.edit')}</VisuallyHidden>
        </button>
        {status.is === 'saved' && (
          <IconCheck
            size={14}
            className={styles.saved}
            role="status"
            aria-label={t('card.saved')}
          />
        )}
      </div>
    );
  }

  const common = {
    ref: editor,
    id,
    value: typed,
    disabled: status.is === 'saving',
    error: problem !== null,
    'aria-describedby': problem ? `${id}-problem` : undefined,
    onKeyDown,
  };
  return (
    <div className={styles.editing}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.control}>
        {options ? (
          <NativeSelect
            {...common}
            size="xs"
            data={[...options]}
            onChange={(event) => save(textValue(event.currentTarget.value))}
          />
        ) : (
          <TextInput
            {...common}
            type={input}
            dir={input === 'text' ? 'auto' : 'ltr'}
            onChange={(event) => type(event.currentTarget.value)}
            onBlur={() => {
              if (textValue(typed) === stored) cancel();
            }}
          />
        )}
        {status.is === 'saving' ? (
          <Loader size={14} aria-label={t('card.saving')} />
        ) : (
          <>
            <ActionIcon size={24} aria-label={t('card.save')} disabled={!online} onClick={submit}>
              <IconCheck size={16} aria-hidden />
            </ActionIcon>
            <ActionIcon size={24} aria-label={t('card.restore')} onClick={() => leave(cancel)}>
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </>
        )}
      </div>
      {!online && <p className={styles.offline}>{t('connection.cannotSave')}</p>}
      {problem && <FieldProblem id={`${id}-problem`} problem={problem} field={field} />}
      {problem?.asks && (
        <Button
          size="compact-xs"
          variant="default"
          disabled={!online}
          onClick={() => leave(saveShared)}
        >
          {t('shared.saveAnyway')}
        </Button>
      )}
      {status.is === 'conflict' && (
        <ConflictChoice mine={typed} theirs={String(status.theirs ?? '')} onSettle={settle} />
      )}
    </div>
  );
}
