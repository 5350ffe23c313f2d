/** Content: lessons as data, and what they read out of the simulation. */
export { addressOf, CLIENT, knockAt, NODES, type NodeName, short, situationAt, WORKERS } from './kind-basic.ts';
export {
	chainsEntered,
	conntrackLines,
	conntrackRows,
	decided,
	firstPacket,
	observed,
	requestingLines,
	ruleCount,
	rulesHit,
	rulesLines,
	rulesTried,
	serverIp,
	serverNodeIp,
} from './read.ts';
export {
	type Control,
	LANGUAGES,
	type Language,
	type Lesson,
	type OutputSpec,
	type ValueSpec,
	type WalkSpec,
} from './types.ts';
