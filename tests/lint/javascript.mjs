// The rules of data/web that need a parser: what may import what, what core/ may touch, how long a function may be,
// and nothing that the content security policy would have to forbid. Reads files; knows no browser.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const TOP = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const WEB = path.join(TOP, 'data/web');
const FUNCTION_LINES = 80;
const MAY_IMPORT = { core: ['core'], app: ['app', 'core'], embed: ['embed'] };
const PAGE_GLOBALS = new Set(['document', 'window', 'customElements', 'alert', 'confirm', 'prompt']);
const MARKUP = new Set(['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'unsafeHTML', 'unsafeSVG', 'setHTMLUnsafe', 'srcdoc']);
const TEMPLATES = new Set(['html', 'svg']);
const FOREIGN = /\b(?:https?|wss?):\/\/(?!www\.w3\.org\/)[\w[]/;

const problems = [];
let checked = 0;

function files (folder, suffix) {
  if (!fs.existsSync(folder))
    return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const name = path.join(folder, entry.name);
    return entry.isDirectory() ? files(name, suffix) : name.endsWith(suffix) ? [name] : [];
  }).filter(name => !name.startsWith(path.join(WEB, 'vendor')));
}

function report (file, line, text) {
  problems.push(`${path.relative(TOP, file)}:${line}: ${text}`);
}

// An identifier that names a thing in scope, not a member or a key.
function isFreeName (node) {
  const { parent } = node;
  return !(ts.isPropertyAccessExpression(parent) && parent.name === node) &&
    !(ts.isPropertyAssignment(parent) && parent.name === node) &&
    !(ts.isBindingElement(parent) || ts.isParameter(parent) || ts.isMethodDeclaration(parent) ||
      ts.isPropertyDeclaration(parent) || ts.isVariableDeclaration(parent) && parent.name === node) &&
    !(node.flags & ts.NodeFlags.JSDoc);
}

function checkImport (file, folder, node, complain) {
  const target = node.moduleSpecifier?.text ?? '';
  if (!target.startsWith('.')) {
    if (folder === 'core' || !/^lit-html(\/|$)/.test(target))
      complain(node, `imports ${target}`);
    return;
  }
  const to = path.relative(WEB, path.resolve(path.dirname(file), target)).split(path.sep)[0];
  if (!MAY_IMPORT[folder]?.includes(to))
    complain(node, `${folder}/ may not import from ${to}/`);
}

function checkNode (file, folder, node, complain) {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier)
    checkImport(file, folder, node, complain);
  if (ts.isIdentifier(node) && MARKUP.has(node.text))
    complain(node, `uses ${node.text}`);
  if (ts.isIdentifier(node) && folder === 'core' && PAGE_GLOBALS.has(node.text) && isFreeName(node))
    complain(node, `core/ touches ${node.text}`);
  if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && /^(eval|Function)$/.test(node.expression.getText?.() ?? ''))
    complain(node, 'makes code from text');
  if (ts.isTaggedTemplateExpression(node) && TEMPLATES.has(node.tag.getText()) && /[\s"'](style|on\w+)\s*=/.test(node.template.getText()))
    complain(node, 'has a style= or on…= attribute in a template');
  if (ts.isStringLiteralLike(node) && FOREIGN.test(node.text))
    complain(node, 'names another server');
}

function checkScript (file) {
  const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  const folder = path.relative(WEB, file).split(path.sep)[0];
  const lineOf = position => source.getLineAndCharacterOfPosition(position).line + 1;
  const complain = (node, text) => report(file, lineOf(node.getStart()), text);
  for (const error of source.parseDiagnostics)
    report(file, lineOf(error.start), ts.flattenDiagnosticMessageText(error.messageText, ' '));
  const visit = node => {
    checkNode(file, folder, node, complain);
    if (ts.isFunctionLike(node) && node.body) {
      const lines = lineOf(node.end) - lineOf(node.getStart()) + 1;
      if (lines > FUNCTION_LINES)
        complain(node, `a function of ${lines} lines, at most ${FUNCTION_LINES}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

function checkText (file) {
  fs.readFileSync(file, 'utf8').replace(/<!--[^]*?-->|\/\*[^]*?\*\//g, text => text.replace(/[^\n]/g, ' ')).split('\n')
    .forEach((line, i) => {
      if (FOREIGN.test(line))
        report(file, i + 1, 'names another server');
      if (file.endsWith('.html') && /\s(style|on\w+)\s*=|<style/.test(line))
        report(file, i + 1, 'has inline style or script');
      if (file.endsWith('.html') && /<script(?![^>]*\bsrc=)(?![^>]*type="importmap")[^>]*>/.test(line))
        report(file, i + 1, 'has inline style or script');
    });
}

for (const file of files(WEB, '.js')) {
  checkScript(file);
  checked++;
}
for (const file of ['.html', '.css', '.svg', '.json', '.webmanifest'].flatMap(suffix => files(WEB, suffix))) {
  checkText(file);
  checked++;
}
problems.forEach(problem => console.log(problem));
console.log(`${problems.length} problems in ${checked} files`);
process.exit(problems.length || !checked ? 1 : 0);
