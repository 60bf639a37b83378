import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, networkProblem } from '../../shared/api/problem.ts';
import type { Customer } from '../../shared/api/types.ts';
import { putCustomer, type Shared, saveCustomer } from './api.ts';
import {
  bodyOf,
  dropEdit,
  type FieldName,
  type FieldValue,
  fieldValue,
  setEdit,
  useEdit,
} from './drafts.ts';
import { sameValue } from './values.ts';

export type FieldStatus =
  | { is: 'idle' }
  | { is: 'saving' }
  | { is: 'saved' }
  | { is: 'failed'; problem: ApiProblem }
  /** Somebody else changed this very field meanwhile; one of the two must be chosen. */
  | { is: 'conflict'; theirs: FieldValue };

// A tick that stays while the eye moves to it, and is gone before the next field is done.
const SAVED_MS = 2_000;

function isCustomer(value: unknown): value is Customer {
  return typeof value === 'object' && value !== null && 'version' in value && 'id' in value;
}

/** One field's life: typed, saved, failed, in conflict. What is typed survives leaving the card. */
export function useFieldEdit(customer: Customer, field: FieldName, masked = false) {
  const client = useQueryClient();
  const edit = useEdit(customer.id, field);
  const [status, setStatus] = useState<FieldStatus>({ is: 'idle' });
  // A masked value is not known here: whatever is typed is written over whatever it is.
  const known = (one: Customer) => (masked ? null : fieldValue(one, field));
  const stored = known(customer);

  const begin = () => {
    setStatus({ is: 'idle' });
    setEdit(customer.id, field, { value: stored, base: stored });
  };
  const type = (value: FieldValue) => {
    setEdit(customer.id, field, { value, base: edit ? edit.base : stored });
  };
  const cancel = () => {
    dropEdit(customer.id, field);
    setStatus({ is: 'idle' });
  };
  const done = () => {
    dropEdit(customer.id, field);
    setStatus({ is: 'saved' });
    setTimeout(() => setStatus((now) => (now.is === 'saved' ? { is: 'idle' } : now)), SAVED_MS);
  };

  const send = async (
    value: FieldValue,
    base: FieldValue,
    current: Customer,
    shared: Shared = {},
  ) => {
    if (!sameValue(known(current), base)) {
      setStatus({ is: 'conflict', theirs: known(current) });
      return;
    }
    setStatus({ is: 'saving' });
    try {
      await saveCustomer(client, current.id, current.version, bodyOf({ [field]: value }), shared);
      done();
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : networkProblem(error);
      if (problem.status === 409 && isCustomer(problem.current)) {
        // A stale version says only that something changed; it is a conflict if this field did.
        const fresh = { ...customer, ...problem.current };
        putCustomer(client, fresh);
        if (fresh.version > current.version) {
          await send(value, base, fresh, shared);
          return;
        }
      }
      setStatus({ is: 'failed', problem });
    }
  };

  const save = (value: FieldValue) => {
    const base = edit ? edit.base : stored;
    if (sameValue(value, base)) {
      cancel();
      return;
    }
    setEdit(customer.id, field, { value, base });
    void send(value, base, customer);
  };
  /** Takes a masked value away. */
  const clear = () => {
    setEdit(customer.id, field, { value: null, base: null });
    void send(null, null, customer);
  };
  /** Saves what the server asked about: the address may belong to another customer, too. */
  const saveShared = () => {
    if (edit) void send(edit.value, edit.base, customer, { accept_duplicates: true });
  };
  /** Settles a conflict: writes ours over theirs, or lets theirs stand. */
  const settle = (choice: 'mine' | 'theirs') => {
    if (choice === 'theirs') {
      cancel();
      return;
    }
    const value = edit ? edit.value : stored;
    setEdit(customer.id, field, { value, base: stored });
    void send(value, stored, customer);
  };

  return { edit, status, begin, type, cancel, save, clear, saveShared, settle };
}
