import { Modal, type ModalRootProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Dialog.module.css';

interface Props extends Pick<ModalRootProps, 'opened' | 'onClose' | 'closeOnClickOutside'> {
  title: ReactNode;
  size?: number;
  children: ReactNode;
}

/**
 * A dialog over the page with a title and a close button. Put together from Mantine's parts, since
 * its whole one has a <header>, which counts as a second banner of the page.
 */
export function Dialog({ title, size = 440, children, ...root }: Props) {
  const { t } = useTranslation();
  return (
    <Modal.Root {...root} size={size} shadow="lg">
      <Modal.Overlay />
      <Modal.Content>
        <div className={styles.head}>
          <Modal.Title className={styles.title ?? ''}>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t('common.close')} />
        </div>
        <Modal.Body className={styles.body ?? ''}>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
