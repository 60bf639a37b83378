import { describe, expect, it } from 'vitest';
import { arranged, inOrder, layoutFrom, stepped } from './layout.ts';

const KNOWN = [
  { key: 'name', pinned: true },
  { key: 'phone' },
  { key: 'city' },
  { key: 'street', extra: true },
];
const keys = (columns: { key: string; hidden: boolean }[]) =>
  columns.map(({ key, hidden }) => (hidden ? `(${key})` : key));

describe('the layout of a list', () => {
  it('is the list as it comes until somebody changes it', () => {
    expect(keys(arranged(KNOWN, null))).toEqual(['name', 'phone', 'city', '(street)']);
  });

  it('keeps an order, hides, and puts what is new behind, hidden', () => {
    const layout = layoutFrom({
      columns: [
        { key: 'city', width: 120.4 },
        { key: 'name', hidden: true },
        { key: 'gone' },
        { key: 'street', hidden: false },
      ],
    });
    expect(keys(arranged(KNOWN, layout))).toEqual(['name', 'city', 'street', '(phone)']);
    expect(layout?.columns[0]?.width).toBe(120);
  });

  it('is none where something odd was stored', () => {
    for (const odd of [null, undefined, 3, [], { columns: 'x' }])
      expect(layoutFrom(odd)).toBeNull();
    expect(layoutFrom({ columns: [1, { width: 3 }] })).toEqual({ columns: [] });
  });

  it('moves a column by a step, never before the first one', () => {
    const columns = arranged(KNOWN, null);
    expect(keys(stepped(columns, 'city', -1, 1))).toEqual(['name', 'city', 'phone', '(street)']);
    expect(stepped(columns, 'phone', -1, 1)).toBe(columns);
    expect(stepped(columns, 'street', 1, 1)).toBe(columns);
  });

  it('follows the grid, and leaves hidden columns behind the one that they followed', () => {
    const columns = arranged(KNOWN, {
      columns: [
        { key: 'phone', width: null, hidden: true },
        { key: 'city', width: null, hidden: false },
        { key: 'street', width: null, hidden: false },
      ],
    });
    expect(keys(columns)).toEqual(['name', '(phone)', 'city', 'street']);
    expect(keys(inOrder(columns, ['name', 'street', 'city']))).toEqual([
      'name',
      '(phone)',
      'street',
      'city',
    ]);
  });
});
