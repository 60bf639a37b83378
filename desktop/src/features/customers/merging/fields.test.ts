import { describe, expect, it } from 'vitest';
import { customer } from '../../../shared/live/fixtures.ts';
import { chosenOf, mergeFields } from './fields.ts';

const t = ((key: string) => key) as never;
const asa = customer({ first_name: 'Åsa', last_name: 'Berg', phone_1: null });
const other = customer({ id: 'other', first_name: 'Åsa', last_name: 'Bergh', phone_1: '1234' });

describe('two cards side by side', () => {
  const rows = mergeFields(asa, other, [], t);

  it('show the fields that one of them has, in the order of the card', () => {
    const names = ['kind', 'first_name', 'last_name', 'phone_1'];
    expect(rows.map((row) => row.field)).toEqual(names);
  });

  it('leave nothing to choose where both are the same', () => {
    expect(rows.filter((row) => row.same).map((row) => row.field)).toEqual(['kind', 'first_name']);
  });

  it('take the value of the card that stays, or the other’s where it has none', () => {
    const usual = Object.fromEntries(rows.map((row) => [row.field, row.usual]));
    expect([usual.last_name, usual.phone_1]).toEqual(['this', 'other']);
  });

  it('send only what was chosen otherwise', () => {
    const picked = { first_name: 'other', last_name: 'other', phone_1: 'other' } as const;
    expect(chosenOf(rows, picked)).toEqual({ last_name: 'other' });
  });

  it('keep the addresses of both unless one side is chosen', () => {
    const home = {
      street: 'Storgatan 4',
      city: '',
      region: '',
      postcode: '',
      country: '',
      primary: true,
    };
    const [row] = mergeFields({ ...asa, addresses: [home] }, other, [], t).slice(-1);
    expect([row?.usual, row?.sides]).toEqual(['both', ['this', 'both', 'other']]);
  });
});
