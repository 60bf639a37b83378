import { NativeSelect, TagsInput } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../api/problem.ts';
import type { AttributeType, Json } from '../api/types.ts';

const TYPES = [
  'text',
  'long_text',
  'alphanumeric_15',
  'alphanumeric_50',
  'integer',
  'decimal',
  'bool',
  'choice',
  'multiple_choice',
  'date',
  'time',
  'date_time',
  'duration',
  'phone',
  'email',
  'url',
] as const satisfies AttributeType['type'][];

function hasOptions({ type }: AttributeType): boolean {
  return type === 'choice' || type === 'multiple_choice';
}

/** A type in words, with its options. */
export function typeText(value: Json, t: TFunction): string {
  const type = value as unknown as AttributeType;
  const name = t(`fieldType.${type.type}`);
  return type.options ? `${name}: ${type.options.join(', ')}` : name;
}

interface Props {
  type: AttributeType;
  onChange: (type: AttributeType) => void;
  problem: ApiProblem | null;
  /** Whether values of it may be stored already, which have to fit. */
  stored: boolean;
}

/** Chooses which type of value a field holds, and the options of a choice. */
export function TypeInput({ type, onChange, problem, stored }: Props) {
  const { t } = useTranslation();
  const wrong = problem?.errors.find((one) => one.field.startsWith('type'));
  return (
    <>
      <NativeSelect
        size="xs"
        label={t('attributes.type')}
        {...(stored && { description: t('attributes.typeHelp') })}
        w={280}
        data={TYPES.map((value) => ({ value, label: t(`fieldType.${value}`) }))}
        value={type.type}
        error={hasOptions(type) ? null : wrong?.message}
        onChange={(event) => {
          const chosen = { type: event.currentTarget.value } as AttributeType;
          onChange(hasOptions(chosen) ? { ...chosen, options: type.options ?? [] } : chosen);
        }}
      />
      {hasOptions(type) && (
        <TagsInput
          size="xs"
          label={t('attributes.options')}
          description={t('attributes.optionsHelp')}
          value={type.options ?? []}
          error={wrong?.message}
          onChange={(options) => onChange({ ...type, options })}
        />
      )}
    </>
  );
}
