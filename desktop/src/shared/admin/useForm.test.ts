import { act, renderHook } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { anyFormUnsaved, useForm } from './useForm.ts';

describe('a form', () => {
  it('keeps what was typed until it is reset, also when it is left', () => {
    const first = renderHook(() => useForm('team/1', { name: 'North', seconds: 120 }));
    act(() => first.result.current.set({ name: 'South' }));
    first.unmount();
    const again = renderHook(() => useForm('team/1', { name: 'North', seconds: 60 }));
    expect(again.result.current.values).toEqual({ name: 'South', seconds: 60 });
    expect(again.result.current.changed).toEqual({ name: 'South' });
    expect(anyFormUnsaved()).toBe(true);
    act(() => again.result.current.reset());
    expect(again.result.current.values.name).toBe('North');
    expect(anyFormUnsaved()).toBe(false);
  });

  it('says what somebody else changed after one began to type there', () => {
    const stored = { name: 'North', seconds: 120 };
    const form = renderHook((now: typeof stored) => useForm('team/3', now), {
      initialProps: stored,
    });
    act(() => form.result.current.set({ name: 'South' }));
    form.rerender({ ...stored, seconds: 60 });
    expect(form.result.current.overtaken).toEqual([]);
    form.rerender({ name: 'West', seconds: 60 });
    expect(form.result.current.overtaken).toEqual(['name']);
    expect(form.result.current.changed).toEqual({ name: 'South' });
    act(() => form.result.current.reset());
  });

  it('is unchanged when what was stored is typed again', () => {
    const { result } = renderHook(() => useForm('team/2', { channels: ['voice'] }));
    act(() => result.current.set({ channels: [] }));
    act(() => result.current.set({ channels: ['voice'] }));
    expect(result.current.isChanged).toBe(false);
  });
});
