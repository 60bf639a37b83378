import { ActionIcon, NativeSelect, Slider } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Recording } from '../../../shared/api/types.ts';
import { duration } from '../../../shared/format/time.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { beginListening } from '../recordings.ts';
import styles from './Recordings.module.css';

const SPEEDS = [0.75, 1, 1.25, 1.5, 2] as const;
// What an arrow key on the slider moves: about a sentence.
const STEP_S = 5;

/** Plays a recording: play and pause, seek, speed, all by keyboard. The first play is noted as a listening. */
export function Player({ recording, name }: { recording: Recording; name: string }) {
  const { t } = useTranslation();
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [broken, setBroken] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState<number | null>(null);
  const [speed, setSpeed] = useState(1);
  const begin = useMutation({
    mutationFn: () => beginListening(recording),
    onSuccess: () => setBroken(false),
  });
  const url = begin.data?.url;
  useEffect(() => {
    if (!url) return;
    // A browser that wants another click before it plays says so by the button, which is still there.
    audio.current?.play().catch(() => setPlaying(false));
  }, [url]);
  const toggle = () => {
    const element = audio.current;
    if (!element || !url || broken) begin.mutate();
    else if (playing) element.pause();
    else void element.play().catch(() => setPlaying(false));
  };
  const seek = (to: number) => {
    if (audio.current) audio.current.currentTime = to;
    setAt(to);
  };
  const Icon = playing ? IconPlayerPause : IconPlayerPlay;
  return (
    <>
      <ActionIcon
        size={28}
        variant="default"
        loading={begin.isPending}
        aria-label={playing ? t('recording.pause', { name }) : t('recording.play', { name })}
        onClick={toggle}
      >
        <Icon size={16} aria-hidden />
      </ActionIcon>
      {url && (
        // biome-ignore lint/a11y/useMediaCaption: a recorded call has no captions
        <audio
          ref={audio}
          src={url}
          preload="auto"
          onPlay={(event) => {
            setPlaying(true);
            event.currentTarget.playbackRate = speed;
          }}
          onPause={() => setPlaying(false)}
          onEnded={() => setPlaying(false)}
          onError={() => {
            setPlaying(false);
            setBroken(true);
          }}
          onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
          onDurationChange={(event) => {
            const { duration: seconds } = event.currentTarget;
            setLength(Number.isFinite(seconds) ? seconds : null);
          }}
        />
      )}
      {url && !broken && (
        <>
          <Slider
            className={styles.slider ?? ''}
            size="sm"
            thumbLabel={t('recording.position', { name })}
            label={duration}
            min={0}
            max={Math.max(1, length ?? at)}
            step={0.1}
            value={at}
            onChange={seek}
            onKeyDown={(event) => {
              const by = { ArrowLeft: -STEP_S, ArrowRight: STEP_S }[event.key];
              if (by === undefined) return;
              event.preventDefault();
              event.stopPropagation();
              seek(Math.min(Math.max(0, at + by), length ?? at));
            }}
          />
          <span className={`${styles.time} rd-figures`}>
            {t('recording.time', { at: duration(at), length: length ? duration(length) : '–' })}
          </span>
          <NativeSelect
            size="xs"
            w={76}
            aria-label={t('recording.speed')}
            value={String(speed)}
            data={SPEEDS.map((value) => ({
              value: String(value),
              label: t('recording.times', { value }),
            }))}
            onChange={(event) => {
              const chosen = Number(event.currentTarget.value);
              setSpeed(chosen);
              if (audio.current) audio.current.playbackRate = chosen;
            }}
          />
        </>
      )}
      {broken && (
        <span role="alert" className={styles.broken}>
          {t('recording.broken')}
        </span>
      )}
      {begin.error && <ProblemNote problem={begin.error} />}
    </>
  );
}
