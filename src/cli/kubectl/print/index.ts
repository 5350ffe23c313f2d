/** How kubectl prints objects. */
export { goJson, plain, syntax } from './go-value.ts';
export { type HumanOptions, type HumanTable, humanTable, kindName } from './human.ts';
export { findPath, JsonPathError, relaxedPath } from './jsonpath.ts';
export { withManagers } from './managers.ts';
export { listOf, type ObjectPrinter, OUTPUT_FLAGS, objectPrinter } from './output.ts';
export { canonical, formatOf, quantityOf, quantityText } from './quantity.ts';
export { at, type Fields, has, isMap, number, sortedKeys, sub, subs, text, texts } from './read.ts';
export { RowPrinter } from './rows.ts';
export { naturalLess, sortObjects } from './sort.ts';
