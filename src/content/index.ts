/** Content: lessons as data, and what they read out of the simulation. */
export { addressOf, CLIENT, knockAt, NODES, type NodeName, short, situationAt, WORKERS } from './kind-basic.ts';
export {
	ciliumOf,
	fullReplacement,
	LB_MODES,
	type LbMode,
	lbModeOf,
	lbModeSettings,
	noReplacement,
} from './lb-mode.ts';
export {
	chainsEntered,
	conntrackLines,
	conntrackRows,
	decided,
	entryNode,
	firstPacket,
	observed,
	replyNodes,
	requestingLines,
	ruleCount,
	rulesHit,
	rulesLines,
	serverIp,
	serverNodeIp,
} from './read.ts';
export { grownBy, natListLines, programsRun, type ServiceRow, serviceListLines, serviceRows } from './read-cilium.ts';
export { rulesTried, rulesTriedFor } from './read-cost.ts';
export {
	type Control,
	LANGUAGES,
	type Language,
	type Lesson,
	type OutputSpec,
	type ValueSpec,
	type WalkSpec,
} from './types.ts';
