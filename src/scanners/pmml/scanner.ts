import type { Observation } from '../../core/finding.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import type { ByteSource } from '../../core/source.ts';
import { xmlRoot } from '../../formats/xml/doctype.ts';
import { readXmlElements, type XmlElement } from '../../formats/xml/read.ts';
import { PMML_RULES } from './rules.ts';

type PmmlObservation = Observation<(typeof PMML_RULES)[number]['id']>;

const MODEL = /Model$|^(?:NeuralNetwork|RuleSet|Scorecard)$/;
/** A dotted name with a class at its end, as `Class.forName` wants it. */
const JAVA_CLASS = /^[a-z_][\w$]*(?:\.[\w$]+)+$/i;
/** Packages of the run time, where nothing is a scoring function and much is dangerous. */
const RUNTIME_PACKAGE =
  /^(?:java|javax|jakarta|sun|com\.sun|jdk|javafx|groovy|bsh|scala|clojure|kotlin|org\.(?:python|mozilla\.javascript|codehaus|springframework|apache\.commons))\./i;
/** Function classes that JPMML's own converters write. */
const CONVERTER_PACKAGE = /^(?:org|com)\.jpmml\./;
const SCRIPT_NAME =
  /(?:^|[^a-z])(?:java|ecma|j|vb|action)?script(?:s|ing|lang|language)?(?![a-z])|groovy|beanshell|javascript|jython|jruby|\bnashorn\b|^x-(?:code|java|python|eval|exec)/i;
const SCRIPT_VALUE =
  /\bjava\.lang\.(?:Runtime|ProcessBuilder)\b|\bgetRuntime\s*\(|\bProcessBuilder\s*\(|\beval\s*\(|\bos\.system\s*\(|\bsubprocess\.|<script\b|\bfunction\s*\([^)]{0,200}\)\s*\{/i;

/** Reads PMML: functions that name Java classes, and extensions that carry scripts. */
export const pmmlScanner = fileScanner({
  id: 'pmml',
  title: 'PMML models',
  rules: PMML_RULES,
  accepts: (subject) => subject.format === 'xml',
  *inspect({ source }, context) {
    if (xmlRoot(source) === 'PMML') yield* inspectDocument(source, context);
  },
});

function* inspectDocument(source: ByteSource, context: ScanContext): Iterable<PmmlObservation> {
  const seen = new Set<string>();
  let model: string | undefined;
  let version: string | undefined;
  for (const element of readXmlElements(source, context.budget)) {
    if (element.depth === 1) version = element.attributes['version'];
    if (element.depth === 2 && MODEL.test(element.name)) model ??= element.name;
    const found = inspectElement(element);
    if (found === undefined || seen.has(found.key) || seen.size >= 200) continue;
    seen.add(found.key);
    yield found;
  }
  if (version !== undefined) context.fact('format.version', version.slice(0, 20), 'declared');
  if (model !== undefined) context.fact('architecture', model);
}

function inspectElement(element: XmlElement): PmmlObservation | undefined {
  const { name, attributes, line } = element;
  const called = name === 'Apply' ? attributes['function'] : undefined;
  if (called !== undefined && JAVA_CLASS.test(called) && !CONVERTER_PACKAGE.test(called)) {
    const runtime = RUNTIME_PACKAGE.test(called);
    return {
      rule: 'pmml.java-class',
      key: called.slice(0, 200),
      message: `A function is the Java class ${called.slice(0, 200)}.`,
      at: { line },
      ...(runtime ? { severity: 'high' } : {}),
    };
  }
  if (/script$/i.test(name)) return script(`<${name.slice(0, 60)}>`, line);
  if (name !== 'Extension') return undefined;
  const { name: label = '', value = '', extender = '' } = attributes;
  const telling = [label, extender].find((text) => SCRIPT_NAME.test(text)) ?? (SCRIPT_VALUE.test(value) ? value : undefined);
  return telling === undefined ? undefined : script(`an extension “${(label || telling).slice(0, 60)}”`, line);
}

function script(what: string, line: number): PmmlObservation {
  return { rule: 'pmml.script', key: what, message: `The document holds ${what}, which carries code.`, at: { line } };
}
