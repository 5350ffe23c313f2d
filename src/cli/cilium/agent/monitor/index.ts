/** Notifications of Cilium's programs: collected, and shown by `cilium monitor`. */
export {
	aggregationOf,
	collect,
	eventsOf,
	FLOW_BUFFER,
	forgetMetrics,
	type Metric,
	policyCount,
	ringOf,
	toldOf,
} from './collector.ts';
export { monitorCommand, waitForMore } from './command.ts';
export { connectionText, dropText, flagNames, icmpText } from './format.ts';
export type {
	DropNotification,
	Notification,
	ObservationPoint,
	PolicyVerdictNotification,
	TraceNotification,
	TraceSockNotification,
	XlatePoint,
} from './types.ts';
