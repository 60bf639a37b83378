import { createStore, useStore } from '../store/store.ts';

type Parser = typeof import('libphonenumber-js/min');

// The numbering plans are 40 KB that no first paint waits for; until they are here, numbers show
// as they were stored.
const parserStore = createStore<Parser | null>(null);
let loading: Promise<void> | null = null;

export function loadPhoneFormats(): Promise<void> {
  loading ??= import('libphonenumber-js/min').then((parser) => parserStore.set(parser));
  return loading;
}

/** National for numbers of `region`, international for others, as stored when it is no full number. */
export function formatPhone(parser: Parser | null, value: string, region: string): string {
  if (!parser) return value;
  const parsed = parser.parsePhoneNumberFromString(value, {
    defaultCountry: region as never,
    extract: false,
  });
  if (!parsed?.isPossible()) return value;
  if (parsed.country !== region) return parsed.formatInternational();
  const national = parsed.formatNational();
  // A number of no known form comes without the digits that are dialled before it at home: what was typed has them.
  if (national !== parsed.nationalNumber) return national;
  return value.trim().startsWith('+') ? parsed.formatInternational() : value;
}

/** A formatter that renews what it gave once the numbering plans have come. */
export function usePhoneFormat(region: string): (value: string) => string {
  const parser = useStore(parserStore, (known) => known);
  return (value) => formatPhone(parser, value, region);
}
