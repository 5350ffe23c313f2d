/** Everything else. Source: kubernetes pkg/printers/internalversion/printers.go @ v1.24.0. */
import { type Draft, isRecord, number, sub, subs, text } from '../json.ts';
import type { ApiObject } from '../object.ts';
import { age, humanDuration } from '../time.ts';
import { ageOf, NONE, type PrintContext, type Printer, UNKNOWN, UNSET } from './printer.ts';
import { storagePrinters } from './storage.ts';

const size = (value: unknown): number =>
	isRecord(value) ? Object.keys(value).length : Array.isArray(value) ? value.length : 0;

const nodeStatus = (node: ApiObject): string => {
	const ready = subs(node, 'status', 'conditions').find((c) => c.type === 'Ready');
	const said = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
	return node.spec?.unschedulable === true ? `${said},SchedulingDisabled` : said;
};

const PREFIX = 'node-role.kubernetes.io/';

const roles = (node: ApiObject): string => {
	const out = new Set<string>();
	for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
		if (key.startsWith(PREFIX)) out.add(key.slice(PREFIX.length));
		else if (key === 'kubernetes.io/role' && value !== '') out.add(value);
	}
	out.delete('');
	return out.size === 0 ? NONE : [...out].sort().join(',');
};

const address = (node: ApiObject, type: string): string =>
	text(
		subs(node, 'status', 'addresses').find((item) => item.type === type),
		'address',
	) ?? NONE;

const eventObject = (event: ApiObject): string =>
	`${(text(event, 'involvedObject', 'kind') ?? '').toLowerCase()}/${text(event, 'involvedObject', 'name') ?? ''}`;

const eventSource = (event: ApiObject): string => {
	const component = text(event, 'source', 'component') || text(event, 'reportingComponent') || '';
	const host = text(event, 'source', 'host') || text(event, 'reportingInstance');
	return host ? `${component}, ${host}` : component;
};

const event = (object: ApiObject, { now }: PrintContext): readonly (string | number)[] => {
	const first = text(object, 'firstTimestamp') ?? text(object, 'eventTime');
	const last = text(object, 'lastTimestamp') ?? first;
	const count = number(object, 'count') ?? number(object, 'series', 'count') ?? 1;
	const since = age(now, last);
	return [
		count > 1 ? `${since} (x${count} over ${age(now, first)})` : since,
		text(object, 'type') ?? '',
		text(object, 'reason') ?? '',
		eventObject(object),
		(text(object, 'message') ?? '').trim(),
		text(object, 'involvedObject', 'fieldPath') ?? '',
		eventSource(object),
		age(now, first),
		count,
		object.metadata.name,
	];
};

const subjects = (binding: ApiObject, kind: string): string =>
	subs(binding, 'subjects')
		.filter((item) => item.kind === kind)
		.map((item) =>
			kind === 'ServiceAccount'
				? `${text(item, 'namespace') ?? ''}/${text(item, 'name') ?? ''}`
				: (text(item, 'name') ?? ''),
		)
		.join(', ');

const binding: Printer = {
	columns: 'Role,Age|Users,Groups,ServiceAccounts',
	row: (object, context) => [
		`${text(object, 'roleRef', 'kind') ?? ''}/${text(object, 'roleRef', 'name') ?? ''}`,
		ageOf(object, context),
		subjects(object, 'User'),
		subjects(object, 'Group'),
		subjects(object, 'ServiceAccount'),
	],
};

const createdAt: Printer = { columns: 'Created At', row: (object) => [object.metadata.creationTimestamp] };
const ageOnly: Printer = { columns: 'Age', row: (object, context) => [ageOf(object, context)] };

const signingStatus = (object: ApiObject): string => {
	const types = subs(object, 'status', 'conditions').map((c) => text(c, 'type'));
	const said = types.includes('Denied') ? 'Denied' : types.includes('Approved') ? 'Approved' : 'Pending';
	return [
		said,
		...(types.includes('Failed') ? ['Failed'] : []),
		...(text(object, 'status', 'certificate') ? ['Issued'] : []),
	].join(',');
};

const quotaText = (hard: Draft, used: Draft, limits: boolean): string =>
	Object.keys(hard)
		.sort()
		.filter((key) => key.startsWith('limits.') === limits)
		.map((key) => `${key}: ${String(used[key] ?? '0')}/${String(hard[key])}`)
		.join(', ');

export const clusterPrinters = (minor: number): Readonly<Record<string, Printer>> => ({
	Node: {
		columns: 'Status,Roles,Age,Version|Internal-IP,External-IP,OS-Image,Kernel-Version,Container-Runtime',
		row: (node, context) => [
			nodeStatus(node),
			roles(node),
			ageOf(node, context),
			text(node, 'status', 'nodeInfo', 'kubeletVersion') ?? '',
			address(node, 'InternalIP'),
			address(node, 'ExternalIP'),
			text(node, 'status', 'nodeInfo', 'osImage') || UNKNOWN,
			text(node, 'status', 'nodeInfo', 'kernelVersion') || UNKNOWN,
			text(node, 'status', 'nodeInfo', 'containerRuntimeVersion') || UNKNOWN,
		],
	},
	Namespace: {
		columns: 'Status,Age',
		row: (object, context) => [text(object, 'status', 'phase') ?? '', ageOf(object, context)],
	},
	ConfigMap: {
		columns: 'Data,Age',
		row: (object, context) => [size(object.data) + size(object.binaryData), ageOf(object, context)],
	},
	Secret: {
		columns: 'Type,Data,Age',
		row: (object, context) => [text(object, 'type') ?? '', size(object.data), ageOf(object, context)],
	},
	ServiceAccount:
		minor >= 34
			? ageOnly
			: { columns: 'Secrets,Age', row: (object, context) => [size(object.secrets), ageOf(object, context)] },
	Event: {
		columns: 'Last Seen,Type,Reason,Object,Message|Subobject,Source,First Seen,Count,Name',
		row: event,
	},
	Lease: {
		columns: 'Holder,Age',
		row: (object, context) => [text(object, 'spec', 'holderIdentity') ?? '', ageOf(object, context)],
	},
	CustomResourceDefinition: createdAt,
	ClusterRole: createdAt,
	Role: createdAt,
	ClusterRoleBinding: binding,
	RoleBinding: binding,
	...storagePrinters(minor),
	PriorityClass: {
		columns: `Value,Global-Default,Age${minor >= 33 ? ',PreemptionPolicy' : ''}`,
		row: (object, context) => [
			number(object, 'value') ?? 0,
			String(object.globalDefault === true),
			ageOf(object, context),
			...(minor >= 33 ? [text(object, 'preemptionPolicy') ?? ''] : []),
		],
	},
	RuntimeClass: {
		columns: 'Handler,Age',
		row: (object, context) => [text(object, 'handler') ?? '', ageOf(object, context)],
	},
	MutatingWebhookConfiguration: {
		columns: 'Webhooks,Age',
		row: (object, context) => [size(object.webhooks), ageOf(object, context)],
	},
	ValidatingWebhookConfiguration: {
		columns: 'Webhooks,Age',
		row: (object, context) => [size(object.webhooks), ageOf(object, context)],
	},
	ValidatingAdmissionPolicy: {
		columns: 'Validations,ParamKind,Age',
		row(object, context) {
			const kind = sub(object, 'spec', 'paramKind');
			return [
				subs(object, 'spec', 'validations').length,
				text(kind, 'kind') ? `${text(kind, 'apiVersion') ?? ''}/${text(kind, 'kind')}` : UNSET,
				ageOf(object, context),
			];
		},
	},
	ValidatingAdmissionPolicyBinding: {
		columns: 'PolicyName,ParamRef,Age',
		row(object, context) {
			const reference = sub(object, 'spec', 'paramRef');
			const name = text(reference, 'name');
			const namespace = text(reference, 'namespace');
			return [
				text(object, 'spec', 'policyName') ?? '',
				name === undefined ? UNSET : namespace ? `${namespace}/${name}` : `*/${name}`,
				ageOf(object, context),
			];
		},
	},
	APIService: {
		columns: 'Service,Available,Age',
		row(object, context) {
			const service = sub(object, 'spec', 'service');
			const available = subs(object, 'status', 'conditions').find((c) => c.type === 'Available');
			const said = available === undefined ? 'Unknown' : String(available.status);
			const why = available !== undefined && available.status !== 'True' ? ` (${String(available.reason)})` : '';
			return [
				text(service, 'name') ? `${text(service, 'namespace') ?? ''}/${text(service, 'name')}` : 'Local',
				`${said}${why}`,
				ageOf(object, context),
			];
		},
	},
	ResourceQuota: {
		columns: minor >= 33 ? 'Request,Limit,Age' : 'Age,Request,Limit',
		row(object, context) {
			const hard = sub(object, 'status', 'hard');
			const used = sub(object, 'status', 'used');
			const cells = [quotaText(hard, used, false), quotaText(hard, used, true)];
			return minor >= 33 ? [...cells, ageOf(object, context)] : [ageOf(object, context), ...cells];
		},
	},
	LimitRange: {
		columns: 'Created At',
		row: (object) => [object.metadata.creationTimestamp],
	},
	ComponentStatus: {
		columns: 'Status,Message,Error',
		row(object) {
			const healthy = subs(object, 'conditions').find((c) => c.type === 'Healthy');
			const said = healthy?.status === 'True' ? 'Healthy' : healthy?.status === 'False' ? 'Unhealthy' : 'Unknown';
			return [said, text(healthy, 'message') ?? '', text(healthy, 'error') ?? ''];
		},
	},
	CertificateSigningRequest: {
		columns: 'Age,SignerName,Requestor,RequestedDuration,Condition',
		row(object, context) {
			const seconds = number(object, 'spec', 'expirationSeconds');
			return [
				ageOf(object, context),
				text(object, 'spec', 'signerName') ?? NONE,
				text(object, 'spec', 'username') ?? '',
				seconds === undefined ? NONE : humanDuration(seconds),
				signingStatus(object),
			];
		},
	},
	FlowSchema: {
		columns: 'PriorityLevel,MatchingPrecedence,DistinguisherMethod,Age,MissingPL',
		row(object, context) {
			const missing = subs(object, 'status', 'conditions').find((c) => c.type === 'Dangling');
			return [
				text(object, 'spec', 'priorityLevelConfiguration', 'name') ?? '',
				number(object, 'spec', 'matchingPrecedence') ?? 0,
				text(object, 'spec', 'distinguisherMethod', 'type') ?? NONE,
				ageOf(object, context),
				missing === undefined ? '?' : String(missing.status),
			];
		},
	},
	PriorityLevelConfiguration: {
		columns: `Type,${minor >= 26 ? 'NominalConcurrencyShares' : 'AssuredConcurrencyShares'},Queues,HandSize,QueueLengthLimit,Age`,
		row(object, context) {
			const limited = sub(object, 'spec', 'limited');
			const queuing = sub(limited, 'limitResponse', 'queuing');
			const shares = number(limited, 'nominalConcurrencyShares') ?? number(limited, 'assuredConcurrencyShares');
			return [
				text(object, 'spec', 'type') ?? '',
				shares === undefined ? NONE : shares,
				number(queuing, 'queues') ?? NONE,
				number(queuing, 'handSize') ?? NONE,
				number(queuing, 'queueLengthLimit') ?? NONE,
				ageOf(object, context),
			];
		},
	},
});
