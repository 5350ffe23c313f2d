/** The lesson's exercises, in the order they stand in it. */
import type { Exercise } from '../../../src/exercises/index.ts';
import { conntrackRow } from './conntrack-row.ts';
import { everyWorker } from './every-worker.ts';
import { orderChains } from './order-chains.ts';
import { policyElsewhere } from './policy-elsewhere.ts';
import { proxyGone } from './proxy-gone.ts';
import { ruleThatMarks } from './rule-that-marks.ts';
import { sameNode } from './same-node.ts';
import { serviceCost } from './service-cost.ts';
import { whereUndone } from './where-undone.ts';
import { whoKnocked } from './who-knocked.ts';

export const exercises: readonly Exercise[] = [
	whoKnocked,
	orderChains,
	ruleThatMarks,
	sameNode,
	whereUndone,
	conntrackRow,
	policyElsewhere,
	proxyGone,
	serviceCost,
	everyWorker,
];
