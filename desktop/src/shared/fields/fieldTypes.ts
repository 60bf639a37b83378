import type { TFunction } from 'i18next';
import type { AttributeType, Json } from '../api/types.ts';
import { locale } from '../format/locale.ts';
import { duration } from '../format/time.ts';

/** How a value is edited: the control, and how a stored value becomes what stands in it and back. */
export type Control =
  | {
      as: 'line';
      type: 'text' | 'tel' | 'email' | 'url' | 'date' | 'time' | 'datetime-local';
      mode?: 'numeric' | 'decimal';
      typed?: (value: Json) => string;
      value?: (typed: string) => Json;
    }
  | { as: 'lines' }
  | {
      as: 'choice';
      options: readonly { value: string; label: string }[];
      value?: (v: string) => Json;
    }
  | { as: 'choices'; options: readonly string[] };

interface FieldKind {
  /** A stored value as people read it. */
  show(value: Json, t: TFunction): string;
  control(type: AttributeType, t: TFunction): Control;
}

const TEXT: FieldKind = { show: String, control: () => ({ as: 'line', type: 'text' }) };

function number(mode: 'numeric' | 'decimal'): FieldKind {
  return {
    // Four digits are often a year: only longer numbers are divided.
    show: (value) =>
      new Intl.NumberFormat(locale(), { maximumFractionDigits: 6, useGrouping: 'min2' }).format(
        value as Intl.StringNumericLiteral,
      ),
    control: () => ({ as: 'line', type: 'text', mode }),
  };
}

function withEmpty(options: readonly { value: string; label: string }[]) {
  return [{ value: '', label: '–' }, ...options];
}

/** A moment as the browser's field for date and time of day wants it, in the user's zone. */
function localMoment(value: Json): string {
  const at = new Date(String(value));
  if (Number.isNaN(at.getTime())) return '';
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** Every type of the registry (product.md 12), as the desktop shows and edits it. */
export const FIELD_TYPES: Readonly<Record<AttributeType['type'], FieldKind>> = {
  text: TEXT,
  alphanumeric_15: TEXT,
  alphanumeric_50: TEXT,
  long_text: { show: String, control: () => ({ as: 'lines' }) },
  integer: number('numeric'),
  decimal: number('decimal'),
  bool: {
    show: (value, t) => (value ? t('common.yes') : t('common.no')),
    control: (_type, t) => ({
      as: 'choice',
      options: withEmpty([
        { value: 'true', label: t('common.yes') },
        { value: 'false', label: t('common.no') },
      ]),
      value: (chosen) => (chosen === '' ? null : chosen === 'true'),
    }),
  },
  choice: {
    show: String,
    control: ({ options = [] }) => ({
      as: 'choice',
      options: withEmpty(options.map((value) => ({ value, label: value }))),
    }),
  },
  multiple_choice: {
    show: (value) => (value as Json[]).map(String).join(', '),
    control: ({ options = [] }) => ({ as: 'choices', options }),
  },
  date: {
    // A day has no zone: it must not become the day before in the west.
    show: (value) =>
      new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeZone: 'UTC' }).format(
        new Date(`${value}T00:00:00Z`),
      ),
    control: () => ({ as: 'line', type: 'date' }),
  },
  time: {
    show: (value) => String(value).replace(/:00$/, ''),
    control: () => ({ as: 'line', type: 'time' }),
  },
  date_time: {
    show: (value) =>
      new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(
        new Date(String(value)),
      ),
    control: () => ({
      as: 'line',
      type: 'datetime-local',
      typed: localMoment,
      value: (typed) => (typed === '' ? null : new Date(typed).toISOString()),
    }),
  },
  duration: {
    show: (value) => duration(Number(value)),
    control: () => ({
      as: 'line',
      type: 'text',
      typed: (value) => (typeof value === 'number' ? hours(value) : String(value)),
    }),
  },
  phone: { show: String, control: () => ({ as: 'line', type: 'tel' }) },
  email: { show: String, control: () => ({ as: 'line', type: 'email' }) },
  url: { show: String, control: () => ({ as: 'line', type: 'url' }) },
};

/** Seconds as the API reads them back: always with hours, so that 1:05 is never taken for an hour and five minutes. */
function hours(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** What stands in the control for a value; '' for none. */
export function typedOf(control: Control, value: Json): string {
  if (value === null || value === '') return '';
  return control.as === 'line' && control.typed ? control.typed(value) : String(value);
}

/** The value that a control holds; null for nothing. */
export function valueOfTyped(control: Control, typed: string): Json {
  if ((control.as === 'line' || control.as === 'choice') && control.value) {
    return control.value(typed);
  }
  return typed.trim() === '' ? null : typed.trim();
}
