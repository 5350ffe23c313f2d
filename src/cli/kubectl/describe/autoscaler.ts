/** HorizontalPodAutoscalers. Source: describe.go `describeHorizontalPodAutoscalerV2` @ kubectl v0.24.0. */
import type { ApiObject } from '../../../sim/api/index.ts';
import { at, type Fields, has, number, sub, subs, text } from '../print/index.ts';
import { type Description, timeText, UNSET } from './description.ts';

const UNKNOWN = '<unknown>';

/** One metric: what it is, what is now, what is aimed at. */
function describeMetric(d: Description, metric: Fields, current: Fields | undefined): void {
	const type = text(metric, 'type');
	const key = type.charAt(0).toLowerCase() + type.slice(1);
	const source = sub(metric, key);
	const now = sub(current, key, 'current');
	const target = sub(source, 'target');
	const by = has(target, 'averageValue') ? 'averageValue' : 'value';
	const values = `${text(now, by) || UNKNOWN} / ${text(target, by)}`;
	const name = JSON.stringify(text(source, 'metric', 'name'));
	const kind = by === 'value' ? '(target value)' : '(target average value)';
	if (type === 'External') d.put(1, `${name} ${kind}:\t${values}\n`);
	else if (type === 'Pods') d.put(1, `${name} on pods:\t${values}\n`);
	else if (type === 'Object') {
		const of = `${text(source, 'describedObject', 'kind')}/${text(source, 'describedObject', 'name')}`;
		d.put(1, `${name} on ${of} ${kind}:\t${values}\n`);
	} else if (type === 'Resource' || type === 'ContainerResource') {
		const container = type === 'Resource' ? '' : ` of container "${text(source, 'container')}"`;
		const what = `resource ${text(source, 'name')}${container} on pods`;
		if (by === 'averageValue') {
			d.put(1, `${what}:\t${values}\n`);
			return;
		}
		const is = has(now, 'averageUtilization')
			? `${number(now, 'averageUtilization')}% (${text(now, 'averageValue')})`
			: UNKNOWN;
		const wanted = has(target, 'averageUtilization') ? `${number(target, 'averageUtilization')}%` : '<auto>';
		// The second half is written at a level of its own.
		d.put(1, `${what}  (as a percentage of request):\t${is} / ${wanted}\n`);
	} else d.put(1, `<unknown metric type "${type}">\n`);
}

function describeRules(d: Description, direction: string, rules: Fields): void {
	d.put(1, `${direction}:\n`);
	if (has(rules, 'stabilizationWindowSeconds'))
		d.put(2, `Stabilization Window: ${number(rules, 'stabilizationWindowSeconds')} seconds\n`);
	const policies = subs(rules, 'policies');
	if (policies.length === 0) return;
	d.put(2, `Select Policy: ${text(rules, 'selectPolicy') || 'Max'}\n`);
	d.put(2, 'Policies:\n');
	for (const policy of policies)
		d.put(
			3,
			`- Type: ${text(policy, 'type')}\tValue: ${number(policy, 'value')}\tPeriod: ${number(policy, 'periodSeconds')} seconds\n`,
		);
}

export function describeAutoscaler(d: Description, object: ApiObject): void {
	const spec = sub(object, 'spec');
	const current = subs(object, 'status', 'currentMetrics');
	d.head(object);
	d.line(0, 'CreationTimestamp', timeText(object.metadata.creationTimestamp));
	d.line(0, 'Reference', `${text(spec, 'scaleTargetRef', 'kind')}/${text(spec, 'scaleTargetRef', 'name')}`);
	d.line(0, 'Metrics', '( current / target )');
	for (const [i, metric] of subs(spec, 'metrics').entries()) describeMetric(d, metric, current[i]);
	d.line(0, 'Min replicas', text(spec, 'minReplicas') || UNSET);
	d.line(0, 'Max replicas', number(spec, 'maxReplicas'));
	if (has(spec, 'behavior')) {
		d.put(0, 'Behavior:\n');
		for (const [key, direction] of [
			['scaleUp', 'Scale Up'],
			['scaleDown', 'Scale Down'],
		] as const)
			if (at(spec, 'behavior', key) !== undefined) describeRules(d, direction, sub(spec, 'behavior', key));
	}
	d.line(
		0,
		`${text(spec, 'scaleTargetRef', 'kind')} pods`,
		`${number(object, 'status', 'currentReplicas')} current / ${number(object, 'status', 'desiredReplicas')} desired`,
	);
	const conditions = subs(object, 'status', 'conditions');
	if (conditions.length > 0) {
		d.put(0, 'Conditions:\n');
		d.table(
			1,
			['Type', 'Status', 'Reason', 'Message'],
			conditions.map((c) => ['type', 'status', 'reason', 'message'].map((key) => text(c, key))),
		);
	}
	d.events(object);
}
