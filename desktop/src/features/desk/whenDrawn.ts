// The card is drawn a moment after the name; on a slow machine that takes some frames.
const FRAMES = 30;

/** Does something with an element as soon as it is on the page; nothing if it never comes. */
export function whenDrawn(
  selector: string,
  act: (element: HTMLElement) => void,
  frames = FRAMES,
): void {
  requestAnimationFrame(() => {
    const element = document.querySelector<HTMLElement>(selector);
    if (element) act(element);
    else if (frames > 0) whenDrawn(selector, act, frames - 1);
  });
}
