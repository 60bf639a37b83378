import { ActionIcon, Menu } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Request } from '../../../shared/api/types.ts';
import { usePhoneFormat } from '../../../shared/format/phone.ts';
import { useDesk } from '../../../shared/live/live.ts';
import { useCustomer } from '../../customers/api.ts';
import { useAttributes } from '../../customers/attributes.ts';
import { type Way, waysTo } from '../../desk/reach.ts';
import { CHANNEL_ICON } from '../../interactions/look.ts';
import styles from './ReplyMenu.module.css';

interface Props {
  request: Request;
  /** What the button is called. */
  label: string;
  onStart: (way: Way) => void;
}

/** Reply to a request without a conversation: choose how to reach the customer (product.md 4.2). */
export function ReplyMenu({ request, label, onStart }: Props) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const { data: customer } = useCustomer(request.customer_id);
  const summary = useDesk(
    (desk) => desk.open.find((one) => one.customer.id === request.customer_id)?.customer,
  );
  const region = useDesk((desk) => desk.settings.default_region);
  const roles = useDesk((desk) => desk.user.roles);
  const format = usePhoneFormat(region);
  const labels = new Map(useAttributes()?.map((one) => [one.key, one.label]));
  // Placing a call needs the role of an agent or supervisor (product.md 0).
  const mayDial = roles.some((role) => role !== 'administrator');
  const ways = waysTo(customer, summary).filter((way) => way.channel !== 'voice' || mayDial);
  const shown = ({ channel, address }: Way) =>
    channel === 'voice' || channel === 'sms' ? format(address) : address;
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon size={24} aria-label={label} title={label}>
          <IconArrowBackUp size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className={styles.menu ?? ''}>
        <Menu.Label>{t('reply.how')}</Menu.Label>
        {ways.map((way) => {
          const Icon = CHANNEL_ICON[way.channel];
          return (
            <Menu.Item
              key={`${way.channel} ${way.address}`}
              leftSection={<Icon size={14} aria-hidden />}
              rightSection={<span className={styles.channel}>{t(`channel.${way.channel}`)}</span>}
              onClick={() => onStart(way)}
            >
              <bdi>{shown(way)}</bdi>
              {way.attribute && <bdi className={styles.note}>{labels.get(way.attribute)}</bdi>}
              {way.unconfirmed && <span className={styles.note}>{t('identity.maybe')}</span>}
            </Menu.Item>
          );
        })}
        {ways.length === 0 && <Menu.Item disabled>{t('reply.noWay')}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
