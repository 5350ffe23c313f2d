/** From an `Outcome` to what the figure shows. */
export { type Comparison, compareFigures, type Row } from './compare.ts';
export { changedFields, innermost, isRewrite } from './fields.ts';
export { figureOf } from './figure.ts';
export { shortChain } from './stations.ts';
export { tellingOf } from './telling-steps.ts';
export type {
	Counts,
	Direction,
	End,
	Field,
	Figure,
	Label,
	Lane,
	Owner,
	OwnerKind,
	Places,
	Role,
	Station,
	StationKind,
} from './types.ts';
