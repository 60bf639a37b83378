import { afterEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../shared/api/types.ts';
import { call } from '../../shared/live/fixtures.ts';
import {
  addressBeside,
  anythingUnsaved,
  draftForCall,
  draftStore,
  dropEdit,
  dropEdits,
  hasUnsaved,
  nameFields,
  putDraft,
  setEdit,
  startDraft,
  unsavedFields,
} from './drafts.ts';

afterEach(() => draftStore.set({ edits: {}, created: [] }));

describe('the name that a call brings', () => {
  it.each([
    ['Marianne Dashwood', { first_name: 'Marianne', last_name: 'Dashwood' }],
    ['Mary Ann van der Berg', { first_name: 'Mary Ann van der', last_name: 'Berg' }],
    ['  Ada  ', { last_name: 'Ada' }],
    ['山田花子', { last_name: '山田花子' }],
    ['', {}],
    [null, {}],
  ])('of %j gives %j', (name, fields) => {
    expect(nameFields(name)).toEqual(fields);
  });
});

describe('the form of an unknown caller', () => {
  it('holds number and name, is linked to the call, and counts as not written', () => {
    const made = draftForCall(call('a', { caller_name: 'Marianne Dashwood', ani: '+4670' }));
    expect(made).toEqual({
      id: 'a',
      interactionId: 'interaction of a',
      fields: {
        kind: 'person',
        first_name: 'Marianne',
        last_name: 'Dashwood',
        phone_1: '+4670',
      },
      written: false,
    });
  });

  it('holds the address where its channel has a field, and names it where none has', () => {
    const by = (channel: Channel, ani: string) => call('a', { channel, ani, caller_name: null });
    const mail = by('email', 'emma@example.com');
    expect(draftForCall(mail).fields).toEqual({ kind: 'person', email: 'emma@example.com' });
    expect(addressBeside(mail)).toBeNull();
    expect(draftForCall(by('sms', '+4470')).fields).toEqual({ kind: 'person', phone_1: '+4470' });
    const chat = by('chat', 'emma-77');
    expect(draftForCall(chat).fields).toEqual({ kind: 'person' });
    expect(addressBeside(chat)).toBe('emma-77');
  });

  it('is empty for a caller who hides the number', () => {
    expect(draftForCall(call('a', { ani: null })).fields).toEqual({ kind: 'person' });
  });
});

describe('what was typed and not saved', () => {
  it('is what differs from what it was typed over', () => {
    setEdit('edward', 'email', { value: 'new@example.test', base: null });
    setEdit('edward', 'first_name', { value: 'Edward', base: 'Edward' });
    expect(unsavedFields(draftStore.get(), 'edward')).toEqual({ email: 'new@example.test' });
    dropEdit('edward', 'email');
    expect(hasUnsaved(draftStore.get(), 'edward')).toBe(false);
  });

  it('is dropped for one customer only', () => {
    setEdit('edward', 'email', { value: 'a', base: null });
    setEdit('anna', 'email', { value: 'b', base: null });
    dropEdits('edward');
    expect(hasUnsaved(draftStore.get(), 'edward')).toBe(false);
    expect(hasUnsaved(draftStore.get(), 'anna')).toBe(true);
  });

  it('is known of all customers and forms together', () => {
    expect(anythingUnsaved(draftStore.get())).toBe(false);
    const id = startDraft();
    expect(anythingUnsaved(draftStore.get())).toBe(false);
    setEdit('edward', 'email', { value: 'a', base: null });
    expect(anythingUnsaved(draftStore.get())).toBe(true);
    dropEdits('edward');
    putDraft({ id, interactionId: null, fields: {}, written: true });
    expect(anythingUnsaved(draftStore.get())).toBe(true);
  });

  it('keeps one form per id', () => {
    const id = startDraft({ phone_1: '1' });
    const made = draftStore.get().created[0];
    expect(made).toMatchObject({ id, written: false });
    if (made) putDraft({ ...made, written: true });
    expect(draftStore.get().created).toMatchObject([{ id, written: true }]);
  });
});
