// Three rules for the desktop's words: no raw text in JSX, every key in every language with the
// same ICU arguments, and no key that nothing uses.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from '@formatjs/icu-messageformat-parser';
import ts from 'typescript';

const root = new URL('../src/', import.meta.url).pathname;
const LANGUAGES = ['en', 'sv', 'ja'];
// Attributes that a person reads or hears.
const SPOKEN = new Set([
  'title',
  'alt',
  'placeholder',
  'label',
  'description',
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'aria-valuetext',
]);
const problems = [];

function flatten(node, prefix, into) {
  for (const [key, value] of Object.entries(node)) {
    const path = prefix ? `${prefix}.${key}` : key;
    if (typeof value === 'string') into.set(path, value);
    else flatten(value, path, into);
  }
  return into;
}

function argumentsOf(message, where) {
  const names = new Set();
  const walk = (parts) => {
    for (const part of parts) {
      if (part.type >= 1 && part.type <= 6) names.add(part.value);
      for (const option of Object.values(part.options ?? {})) walk(option.value);
      if (part.children) walk(part.children);
    }
  };
  try {
    walk(parse(message));
  } catch (error) {
    problems.push(`${where}: not a valid ICU message: ${error.message}`);
  }
  return [...names].sort().join(',');
}

const catalogues = Object.fromEntries(
  LANGUAGES.map((language) => [
    language,
    flatten(JSON.parse(readFileSync(join(root, `i18n/${language}.json`), 'utf8')), '', new Map()),
  ]),
);
const english = catalogues.en;
for (const language of LANGUAGES) {
  for (const [key, message] of catalogues[language]) {
    if (!english.has(key)) problems.push(`${language}.json: ${key} is not in en.json`);
    if (message.trim() === '') problems.push(`${language}.json: ${key} is empty`);
    const expected = argumentsOf(english.get(key) ?? '', `en.json: ${key}`);
    const found = argumentsOf(message, `${language}.json: ${key}`);
    if (english.has(key) && expected !== found) {
      problems.push(`${language}.json: ${key} takes {${found}}, en.json takes {${expected}}`);
    }
  }
  for (const key of english.keys()) {
    if (!catalogues[language].has(key)) problems.push(`${language}.json: ${key} is missing`);
  }
}

const used = new Set();
const usedPrefixes = new Set();
const hasLetters = (text) => /\p{L}/u.test(text);

function inspect(file) {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
    file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const place = (node) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    return `${relative(root, file)}:${line + 1}`;
  };
  const visit = (node) => {
    if (ts.isJsxText(node) && hasLetters(node.text)) {
      problems.push(`${place(node)}: raw text "${node.text.trim()}"`);
    }
    if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText())) {
      const value = node.initializer;
      const literal = value && ts.isJsxExpression(value) ? value.expression : value;
      if (literal && ts.isStringLiteralLike(literal) && hasLetters(literal.text)) {
        problems.push(`${place(node)}: raw ${node.name.getText()} "${literal.text}"`);
      }
    }
    if (ts.isStringLiteralLike(node) && english.has(node.text)) used.add(node.text);
    if (ts.isTemplateExpression(node) && node.head.text.includes('.'))
      usedPrefixes.add(node.head.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
}

function walkFolder(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walkFolder(path);
    else if (/\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name)) inspect(path);
  }
}
walkFolder(root);
for (const key of english.keys()) {
  if (!used.has(key) && ![...usedPrefixes].some((prefix) => key.startsWith(prefix))) {
    problems.push(`en.json: ${key} is used nowhere`);
  }
}

if (problems.length > 0) {
  for (const problem of problems) console.error(problem);
  console.error(`${problems.length} i18n problems`);
  process.exit(1);
}
console.log(`i18n: ${english.size} keys in ${LANGUAGES.join(', ')}`);
