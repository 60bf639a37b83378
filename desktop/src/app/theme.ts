import {
  ActionIcon,
  Button,
  Checkbox,
  type CSSVariablesResolver,
  createTheme,
  HoverCard,
  InputBase,
  type MantineColorsTuple,
  Menu,
  Modal,
  Tooltip,
} from '@mantine/core';

/** The one accent: a calm blue, dark enough for white text at shade 6 and for AA on grey at 7. */
const accent: MantineColorsTuple = [
  '#eef4ff',
  '#dbe7fe',
  '#b9d0fb',
  '#8fb3f7',
  '#6797f0',
  '#3f78e4',
  '#2460d2',
  '#1b4fb4',
  '#173f90',
  '#142f69',
];

/** Neutral greys with a trace of the accent's hue, light to dark. */
const gray: MantineColorsTuple = [
  '#f7f8fa',
  '#eff1f4',
  '#e3e6eb',
  '#d2d6dd',
  '#b3b9c4',
  '#8a919f',
  '#626a78',
  '#494f5c',
  '#2f343e',
  '#1b1f27',
];

/** The dark scheme's surfaces, text first, deepest last. */
const dark: MantineColorsTuple = [
  '#e4e7ec',
  '#b8bec9',
  '#959dab',
  '#6b7382',
  '#434a57',
  '#343a45',
  '#282d36',
  '#1d2129',
  '#16191f',
  '#101318',
];

const FONT =
  '"Inter Variable", Inter, "Segoe UI", system-ui, -apple-system, "Noto Sans", "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Noto Sans Arabic", sans-serif';

/** px to rem: Mantine wants rem so that a browser's own text size is respected. */
const px = (value: number) => `${value / 16}rem`;

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 6 },
  colors: { accent, gray, dark },
  white: '#ffffff',
  black: '#171a20',
  fontFamily: FONT,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "Noto Sans Mono", monospace',
  fontSizes: { xs: px(12), sm: px(13), md: px(14), lg: px(16), xl: px(20) },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.3' },
  spacing: { xs: px(4), sm: px(8), md: px(12), lg: px(16), xl: px(24) },
  radius: { xs: px(2), sm: px(4), md: px(6), lg: px(8), xl: px(12) },
  defaultRadius: 'sm',
  headings: { fontFamily: FONT, fontWeight: '600' },
  // The app has neither shadows nor motion but on overlays.
  shadows: {
    xs: 'none',
    sm: 'none',
    md: '0 6px 24px rgb(15 20 30 / 16%)',
    lg: '0 10px 40px rgb(15 20 30 / 22%)',
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: Button.extend({ defaultProps: { size: 'xs' } }),
    ActionIcon: ActionIcon.extend({
      defaultProps: { variant: 'subtle', color: 'gray', size: 28 },
    }),
    InputBase: InputBase.extend({ defaultProps: { size: 'xs' } }),
    TextInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Checkbox: Checkbox.extend({ defaultProps: { size: 'xs' } }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        openDelay: 400,
        withArrow: false,
        events: { hover: true, focus: true, touch: false },
      },
    }),
    HoverCard: HoverCard.extend({ defaultProps: { openDelay: 350, shadow: 'md' } }),
    Menu: Menu.extend({ defaultProps: { shadow: 'md', position: 'bottom-end' } }),
    Modal: Modal.extend({ defaultProps: { shadow: 'lg', centered: false } }),
  },
});

/** Mantine's own variables that our surfaces and contrast rules override, per scheme. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#171a20',
    '--mantine-color-dimmed': '#5b6270',
    '--mantine-color-placeholder': '#6b7280',
    '--mantine-color-error': '#b42318',
    '--mantine-color-default-border': '#d2d6dd',
  },
  dark: {
    '--mantine-color-body': '#16191f',
    '--mantine-color-text': '#e4e7ec',
    '--mantine-color-dimmed': '#a2a9b6',
    '--mantine-color-placeholder': '#8f97a5',
    '--mantine-color-error': '#ff8a7a',
    '--mantine-color-default-border': '#343a45',
  },
});
