import { ActionIcon, Button, Loader, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Customer, Json } from '../../../shared/api/types.ts';
import { FieldInput } from '../../../shared/fields/FieldInput.tsx';
import { type Control, typedOf } from '../../../shared/fields/fieldTypes.ts';
import { useOnline, useTouched } from '../../../shared/live/live.ts';
import { type FieldName, fieldValue } from '../drafts.ts';
import { useFieldEdit } from '../useFieldEdit.ts';
import { sameValue } from '../values.ts';
import { ConflictChoice } from './ConflictChoice.tsx';
import { FieldProblem } from './FieldProblem.tsx';
import styles from './InlineField.module.css';

interface Props {
  customer: Customer;
  field: Exclude<FieldName, 'addresses' | 'consent'>;
  label: string;
  help?: string;
  control?: Control;
  /** How a stored value shows; the text itself unless said otherwise. */
  show?: (value: Json) => ReactNode;
  /** Whether what shows has links of its own: then it stands beside the button that edits. */
  links?: boolean;
  /** Whether the value is hidden here: then it is written anew without being seen. */
  masked?: boolean;
}

const LINE: Control = { as: 'line', type: 'text' };

/** One value of the card: click or F2 to edit, Enter saves, Escape restores; it says itself how that went. */
export function InlineField(props: Props) {
  const {
    customer,
    field,
    label,
    help,
    control = LINE,
    show,
    links = false,
    masked = false,
  } = props;
  const { t } = useTranslation();
  const id = useId();
  const online = useOnline();
  const touched = useTouched(`customer/${customer.id}/${field}`);
  const { edit, status, begin, type, cancel, save, clear, saveShared, settle } = useFieldEdit(
    customer,
    field,
    masked,
  );
  const view = useRef<HTMLButtonElement>(null);
  const editor = useRef<HTMLElement>(null);
  const asked = useRef(false);
  const editing = edit !== undefined;
  const stored = fieldValue(customer, field) as Json;
  const typed = (edit?.value ?? null) as Json;
  const problem = status.is === 'failed' ? status.problem : null;
  const empty = stored === null || stored === '';

  // The focus follows into the field and back only when a person asked for it here.
  useEffect(() => {
    if (!asked.current) return;
    asked.current = false;
    if (!editing) {
      view.current?.focus();
      return;
    }
    editor.current?.focus();
    if (editor.current instanceof HTMLInputElement && control.as === 'line')
      editor.current.select();
  }, [editing, control.as]);

  const start = () => {
    asked.current = true;
    begin();
  };
  const leave = (act: () => void) => {
    asked.current = true;
    act();
  };
  const submit = () => leave(() => save(typed));
  const onKeyDown = (event: KeyboardEvent) => {
    // Alt+Enter goes to a call: what is half typed here must not be saved by it.
    if (event.nativeEvent.isComposing || event.altKey) return;
    // In several lines Enter begins a new one, as everywhere; in a list it takes what is pointed at.
    const saves =
      control.as === 'lines' || control.as === 'choices' ? event.ctrlKey || event.metaKey : true;
    if (event.key === 'Enter' && saves) submit();
    else if (event.key === 'Escape') leave(cancel);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  if (!editing) {
    const value = (
      <span
        key={touched}
        className={styles.value}
        data-touched={touched > 0 || undefined}
        data-empty={empty || undefined}
      >
        {empty ? (
          <VisuallyHidden>{t('card.empty')}</VisuallyHidden>
        ) : (
          <bdi>{show ? show(stored) : String(stored)}</bdi>
        )}
      </span>
    );
    return (
      <div className={styles.row} data-links={links || undefined}>
        <button
          ref={view}
          type="button"
          data-field={field}
          className={styles.view}
          title={help || undefined}
          onClick={start}
          onKeyDown={(event) => {
            if (event.key !== 'F2') return;
            event.preventDefault();
            event.stopPropagation();
            start();
          }}
        >
          <span className={styles.label}>{label}</span>
          {!links && value}
          <VisuallyHidden>{t('card.edit')}</VisuallyHidden>
        </button>
        {links && value}
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

  return (
    <div className={styles.editing}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.control}>
        <FieldInput
          control={control}
          inputRef={editor}
          id={id}
          value={typed}
          disabled={status.is === 'saving'}
          error={problem !== null}
          describedBy={problem ? `${id}-problem` : undefined}
          onKeyDown={onKeyDown}
          onChange={(value) => (control.as === 'choice' ? save(value) : type(value))}
          onBlur={() => {
            if (control.as === 'line' && !masked && sameValue(typed, stored)) cancel();
          }}
        />
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
      {masked && <p className={styles.help}>{t('erasure.writeAnew')}</p>}
      {masked && !empty && (
        <Button size="compact-xs" variant="default" disabled={!online} onClick={() => leave(clear)}>
          {t('erasure.clear')}
        </Button>
      )}
      {help && <p className={styles.help}>{help}</p>}
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
        <ConflictChoice
          mine={typedOf(control, typed)}
          theirs={typedOf(control, (status.theirs ?? null) as Json)}
          onSettle={settle}
        />
      )}
    </div>
  );
}
