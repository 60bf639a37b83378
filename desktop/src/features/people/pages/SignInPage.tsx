import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { useSignIn } from '../api.ts';
import { LanguageMenu } from '../components/LanguageMenu.tsx';
import styles from './SignInPage.module.css';

/** `ended`: somebody was at work here and the session ended without their doing. */
export function SignInPage({ ended = false }: { ended?: boolean }) {
  const { t } = useTranslation();
  const signIn = useSignIn();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const refused = signIn.error?.status === 401;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ email: email.trim(), password });
  };

  return (
    <main className={styles.page}>
      <div className={styles.language}>
        <LanguageMenu />
      </div>
      <form className={styles.form} onSubmit={submit} noValidate>
        <div className={styles.brand}>
          <img src="/icon.svg" alt="" width={36} height={36} />
          <h1 className={styles.title}>{t('signIn.title')}</h1>
        </div>
        {ended && !signIn.error && (
          <p role="status" className={styles.ended}>
            {t('signIn.ended')}
          </p>
        )}
        <TextInput
          size="sm"
          label={t('signIn.email')}
          type="email"
          autoComplete="username"
          // The only thing to do on this page: typing can begin at once.
          data-autofocus
          autoFocus
          value={email}
          error={signIn.error?.fieldMessage('email')}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('signIn.password')}
          autoComplete="current-password"
          value={password}
          error={signIn.error?.fieldMessage('password')}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
        />
        {signIn.error &&
          signIn.error.errors.length === 0 &&
          (refused ? (
            <p role="alert" className={styles.refused}>
              {t('signIn.refused')}
            </p>
          ) : (
            <ProblemNote problem={signIn.error} />
          ))}
        <Button
          type="submit"
          size="sm"
          fullWidth
          loading={signIn.isPending}
          disabled={email.trim() === '' || password === ''}
        >
          {t('signIn.submit')}
        </Button>
      </form>
    </main>
  );
}
