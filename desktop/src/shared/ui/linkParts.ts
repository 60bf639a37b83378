export interface LinkPart {
  /** Where it begins in the text. */
  start: number;
  text: string;
  href: string | null;
}

const URL_LIKE = /(?:https?:\/\/|www\.)[^\s<>"'“”「」、。]+/giu;
const TRAILING = /[.,;:!?…]+$/u;

/** Ends a URL before the punctuation of the sentence around it, and before a bracket it did not open. */
function trim(url: string): string {
  let end = url.replace(TRAILING, '');
  for (const [open, close] of ['()', '[]', '（）'].map((pair) => [...pair] as [string, string])) {
    const count = (text: string, mark: string) => text.split(mark).length - 1;
    while (end.endsWith(close) && count(end, close) > count(end, open)) {
      end = end.slice(0, -close.length).replace(TRAILING, '');
    }
  }
  return end;
}

/** Cuts text into plain pieces and links. Only http and https ever become links. */
export function linkParts(text: string): LinkPart[] {
  const parts: LinkPart[] = [];
  let at = 0;
  for (const match of text.matchAll(URL_LIKE)) {
    const url = trim(match[0]);
    const href = /^www\./i.test(url) ? `https://${url}` : url;
    if (!URL.canParse(href)) continue;
    if (match.index > at) parts.push({ start: at, text: text.slice(at, match.index), href: null });
    parts.push({ start: match.index, text: url, href });
    at = match.index + url.length;
  }
  if (at < text.length) parts.push({ start: at, text: text.slice(at), href: null });
  return parts;
}
