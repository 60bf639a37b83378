import type { TFunction } from 'i18next';
import type { Attribute, Json } from '../../../shared/api/types.ts';
import { FIELD_TYPES } from '../../../shared/fields/fieldTypes.ts';

/** What the server sends instead of every sensitive value. */
export const MASK = '••••••••';

/** A value of an attribute as people read it; the mask of a hidden one, whatever its type. */
export function shownValue(attribute: Pick<Attribute, 'type'>, value: Json, t: TFunction): string {
  return value === MASK ? MASK : FIELD_TYPES[attribute.type.type].show(value, t);
}
