/** Go's text/template: single ones of command lines, and sets of them as Helm's charts have. */
export { GoStruct, goFloat, goQuote, goShow, goType, isTable, type Table } from './go-print.ts';
export { type Data, goTemplate, type TemplateOptions } from './run.ts';
export { CallError, type Functions, TemplateSet } from './set.ts';
export { TemplateError } from './tokens.ts';
