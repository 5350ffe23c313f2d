/** What applying one object comes to. */
import type { Fault } from '../faults.ts';

/** What became of one object. */
export interface Applied {
	readonly object: unknown;
	readonly operation: 'created' | 'configured' | 'unchanged' | 'serverside-applied';
}

/** Thrown to end this object's turn; others go on. */
export class Refused extends Error {
	readonly fault: Fault;
	constructor(fault: Fault) {
		super(fault.alone);
		this.fault = fault;
	}
}
