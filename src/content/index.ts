/** Content: lessons as data, and what they read out of the simulation. */
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
