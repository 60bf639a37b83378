import { Button, Checkbox, NativeSelect, Progress, Textarea, TextInput } from '@mantine/core';
import { IconEyeOff, IconRestore } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { AdminForm } from '../../../shared/admin/AdminForm.tsx';
import { AdminPage } from '../../../shared/admin/AdminPage.tsx';
import { Misfits } from '../../../shared/admin/Misfits.tsx';
import { useForm } from '../../../shared/admin/useForm.ts';
import { useOrder } from '../../../shared/admin/useOrder.ts';
import type { Attribute, AttributeType, Json } from '../../../shared/api/types.ts';
import { TypeInput, typeText } from '../../../shared/fields/TypeInput.tsx';
import { customerPath } from '../../desk/selection.ts';
import {
  addAttribute,
  changeAttribute,
  hideAttribute,
  orderAttributes,
  restoreAttribute,
  useAllAttributes,
} from '../attributes.ts';
import styles from './AttributesPage.module.css';

const PATH = '/administration/customer-fields';
const FIELDS = ['label', 'key', 'type', 'help', 'privacy'] as const;
const NEW = {
  label: '',
  key: '',
  type: { type: 'text' } as AttributeType,
  required: false,
  help: '',
  privacy: 'plain' as Attribute['privacy'],
  searchable: false,
  sortable: false,
};

/** How far the indexes are by which the list searches and sorts. */
function IndexState({ index }: { index: Attribute['index'] }) {
  const { t } = useTranslation();
  if (index.state === 'none') return null;
  return (
    <div role="status">
      <p className={styles.help} data-failed={index.state === 'failed' || undefined}>
        {t(`listIndex.state.${index.state}`, { percent: index.progress })}
        {index.detail && ` ${index.detail}`}
      </p>
      {index.state === 'building' && (
        <Progress value={index.progress} aria-label={t('listIndex.progress')} />
      )}
    </div>
  );
}

function AttributeForm({ attribute }: { attribute: Attribute | null }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const stored = attribute ? { ...attribute, ...attribute.index } : NEW;
  const form = useForm<typeof NEW>(`attribute/${attribute?.id ?? '+'}`, stored);
  const { label, key, type, required, help, privacy, searchable, sortable } = form.values;
  const save = useMutation({
    mutationFn: () => {
      if (attribute) return changeAttribute(attribute.id, form.changed);
      const marks = { searchable, sortable };
      return addAttribute({ label, type, required, help, privacy, ...marks, ...(key && { key }) });
    },
    onSuccess: (saved) => {
      form.reset();
      if (!attribute) navigate(`${PATH}/${saved.id}`);
    },
  });
  const hide = useMutation({
    mutationFn: () =>
      attribute?.hidden_at ? restoreAttribute(attribute.id) : hideAttribute(attribute?.id ?? ''),
  });
  // Encrypted values have no order and no parts: only the whole value is found.
  const choosePrivacy = (chosen: Attribute['privacy']) =>
    form.set({
      privacy: chosen,
      ...(chosen === 'sensitive' && { searchable: false, sortable: false }),
    });
  const hidden = attribute?.hidden_at != null;
  return (
    <AdminForm
      form={form}
      title={attribute?.label ?? t('attributes.new')}
      action={attribute ? t('admin.save') : t('attributes.add')}
      busy={save.isPending}
      problem={save.error ?? hide.error}
      fields={FIELDS}
      onSave={() => save.mutate()}
      acts={
        attribute && (
          <Button
            variant="subtle"
            color="gray"
            leftSection={
              hidden ? <IconRestore size={14} aria-hidden /> : <IconEyeOff size={14} aria-hidden />
            }
            loading={hide.isPending}
            onClick={() => hide.mutate()}
          >
            {hidden ? t('attributes.restore') : t('attributes.hide')}
          </Button>
        )
      }
    >
      <TextInput
        label={t('attributes.label')}
        autoFocus={!attribute}
        value={label}
        error={save.error?.fieldMessage('label')}
        onChange={(event) => form.set({ label: event.currentTarget.value })}
      />
      <TypeInput
        type={type}
        onChange={(chosen) => form.set({ type: chosen })}
        problem={save.error}
        stored={attribute !== null}
      />
      <Textarea
        label={t('attributes.help')}
        description={t('attributes.helpHelp')}
        autosize
        value={help}
        error={save.error?.fieldMessage('help')}
        onChange={(event) => form.set({ help: event.currentTarget.value.replace(/\n/g, ' ') })}
      />
      <Checkbox
        label={t('attributes.required')}
        description={t('attributes.requiredHelp')}
        checked={required}
        onChange={(event) => form.set({ required: event.currentTarget.checked })}
      />
      <NativeSelect
        size="xs"
        label={t('attributes.privacy')}
        error={save.error?.fieldMessage('privacy')}
        w={340}
        description={t(`privacyHelp.${privacy}`)}
        data={(['plain', 'personal', 'sensitive'] as const).map((value) => ({
          value,
          label: t(`privacy.${value}`),
        }))}
        value={privacy}
        onChange={(event) => choosePrivacy(event.currentTarget.value as Attribute['privacy'])}
      />
      {attribute?.conversion.state === 'running' && (
        <div role="status">
          <p className={styles.help}>
            {t(attribute.privacy === 'sensitive' ? 'erasure.encrypting' : 'erasure.decrypting', {
              percent: attribute.conversion.progress,
            })}
          </p>
          <Progress value={attribute.conversion.progress} aria-label={t('erasure.conversion')} />
        </div>
      )}
      <fieldset className={styles.list}>
        <legend>{t('listIndex.title')}</legend>
        <Checkbox
          label={t('listIndex.searchable')}
          checked={searchable}
          disabled={privacy === 'sensitive'}
          onChange={(event) => form.set({ searchable: event.currentTarget.checked })}
        />
        <Checkbox
          label={t('listIndex.sortable')}
          checked={sortable}
          disabled={privacy === 'sensitive'}
          onChange={(event) => form.set({ sortable: event.currentTarget.checked })}
        />
        <p className={styles.help}>
          {t(privacy === 'sensitive' ? 'erasure.listHelp' : 'listIndex.help')}
        </p>
        {attribute && <IndexState index={attribute.index} />}
      </fieldset>
      <TextInput
        label={t('attributes.key')}
        description={attribute ? t('attributes.keyStays') : t('attributes.keyHelp')}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        readOnly={attribute !== null}
        value={key}
        error={save.error?.fieldMessage('key')}
        onChange={(event) => form.set({ key: event.currentTarget.value })}
      />
      {save.error && (
        <Misfits problem={save.error} of={t('attributes.misfitCustomer')} path={customerPath} />
      )}
    </AdminForm>
  );
}

/** The fields that administrators add to the card (product.md 1.2). */
export function AttributesPage() {
  const { t } = useTranslation();
  const all = useAllAttributes();
  const { items: attributes, order } = useOrder(all.data, (one) => one.id, orderAttributes);
  const yesNo = (value: Json) => (value ? t('common.yes') : t('common.no'));
  const shown = attributes?.filter((one) => one.hidden_at === null).length ?? 0;
  return (
    <AdminPage
      title={t('attributes.title')}
      affects={t('attributes.affects', { shown, most: 50 })}
      path={PATH}
      entity="attribute"
      words={{
        label: { label: t('attributes.label'), show: String },
        type: { label: t('attributes.type'), show: (value) => typeText(value, t) },
        required: { label: t('attributes.required'), show: yesNo },
        help: { label: t('attributes.help'), show: String },
        searchable: { label: t('listIndex.searchable'), show: yesNo },
        sortable: { label: t('listIndex.sortable'), show: yesNo },
        privacy: {
          label: t('attributes.privacy'),
          show: (value) => t(`privacy.${value as Attribute['privacy']}`),
        },
      }}
      items={attributes?.map((one) => ({
        id: one.id,
        label: one.label,
        note: t(`fieldType.${one.type.type}`),
        off: one.hidden_at !== null && t('attributes.hidden'),
      }))}
      problem={all.error}
      onRetry={() => void all.refetch()}
      add={t('attributes.add')}
      onOrder={order}
      form={(id) => <AttributeForm attribute={attributes?.find((one) => one.id === id) ?? null} />}
    />
  );
}
