/** Go's text/template, as far as command lines use it. */
export { TemplateError } from './parse.ts';
export { type Data, goTemplate, type TemplateOptions } from './run.ts';
