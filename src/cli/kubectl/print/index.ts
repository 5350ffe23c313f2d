/** How kubectl prints objects. */
export { FORMAT_WORDS, OUTPUT_FLAGS, PRINT_FLAGS, PRINT_FORMATS } from './formats.ts';
export { goJson, plain, syntax } from './go-value.ts';
export { type HumanOptions, type HumanTable, humanTable, inTableOrder, kindName } from './human.ts';
export { findPath, JsonPathError, relaxedPath } from './jsonpath/index.ts';
export { withManagers } from './managers.ts';
export { listOf, type ObjectPrinter, objectPrinter } from './output.ts';
export { canonical, formatOf, quantityOf, quantityText } from './quantity.ts';
export { at, type Fields, has, isMap, number, sortedKeys, sub, subs, text, texts } from './read.ts';
export { RowPrinter } from './rows.ts';
export { naturalLess, sortObjects } from './sort.ts';
