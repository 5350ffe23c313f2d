/** crictl ps, pods and images (cri-tools v1.24.0 cmd/crictl/{container,sandbox,image}.go). */
import { printYaml } from '../kube/index.ts';
import type { Call } from '../tool.ts';
import { type CriContainer, isReady, type Sandbox } from './cri.ts';
import { imageJson, imageOf } from './cri-inspect.ts';
import { ago, nameAndTag, rows, short, sizeText } from './cri-words.ts';
import { badFlag, fatal, matches, options, type Run } from './crictl-run.ts';
import { clock, isoDate } from './words.ts';

type Parsed = Exclude<ReturnType<typeof options>, { fault: unknown }>;
type Labels = Readonly<Record<string, string>>;

/** Flags of `ps` and `pods` that choose and order. */
const COMMON = [
	'id=',
	'name=',
	'state=>s',
	'label=',
	'verbose=>v',
	'quiet=>q',
	'output=>o',
	'latest=>l',
	'last=>n',
	'no-trunc',
];

/** What the protobuf's JSON is in `-o json` and `-o yaml`; whether it was one of the two. */
export function structured(call: Call, output: string | undefined, object: () => unknown): number | undefined {
	switch (output) {
		case undefined:
		case 'table':
			return undefined;
		case 'json':
			call.out(`${JSON.stringify(object(), undefined, 2)}\n`);
			return 0;
		case 'yaml':
			call.out(printYaml(sorted(object())));
			return 0;
		default:
			return fatal(call, `unsupported output format "${output}"`);
	}
}

/** sigs.k8s.io/yaml writes keys in their order. */
const sorted = (value: unknown): unknown =>
	Array.isArray(value)
		? value.map(sorted)
		: value !== null && typeof value === 'object'
			? Object.fromEntries(
					Object.entries(value)
						.sort(([a], [b]) => (a < b ? -1 : 1))
						.map(([key, one]) => [key, sorted(one)]),
				)
			: value;

/** Nanoseconds since 1970, as text: too many for a number. */
const nanos = (call: Call, at: number): string => `${Math.round(call.lab.epoch * 1e6 + at)}000`;

/** Go's time.Time in its plain form. */
const goTime = (call: Call, at: number): string => {
	const seconds = call.lab.epoch + at / 1e6;
	const micros = String(Math.round(call.lab.epoch * 1e6 + at) % 1e6).padStart(6, '0');
	const part = micros.replace(/0+$/, '');
	return `${isoDate(seconds)} ${clock(seconds)}${part === '' ? '' : `.${part}`} +0000 UTC`;
};

const podLabels = (s: Sandbox): Labels => ({
	'io.kubernetes.pod.name': s.name,
	'io.kubernetes.pod.namespace': s.namespace,
	'io.kubernetes.pod.uid': s.uid,
});

const sandboxLabels = (s: Sandbox): Labels => ({ ...s.pod.metadata.labels, ...podLabels(s) });

const sandboxNotes = (s: Sandbox): Labels => ({ ...s.pod.metadata.annotations });

const containerLabels = (c: CriContainer): Labels => ({
	'io.kubernetes.container.name': c.name,
	...podLabels(c.sandbox),
});

/** pkg/kubelet/kuberuntime/labels.go @ v1.24.0, but for the hash of the specification. */
const containerNotes = (c: CriContainer): Labels => ({ 'io.kubernetes.container.restartCount': String(c.attempt) });

const list = (title: string, values: Labels): string =>
	`${title}:\n${Object.keys(values)
		.sort()
		.map((key) => `\t${key} -> ${values[key]}\n`)
		.join('')}`;

/** `--label a=b`, several of them: each has to be there. */
function labelled(parsed: Parsed, labels: Labels): boolean {
	return parsed.all('label').every((pair) => {
		const at = pair.indexOf('=');
		return at < 0 ? Object.hasOwn(labels, pair) : labels[pair.slice(0, at)] === pair.slice(at + 1);
	});
}

/** `-l` is the newest, `-n` so many of the newest. */
function newest<T>(parsed: Parsed, all: readonly T[]): readonly T[] {
	const last = parsed.values.has('l') ? 1 : Number(parsed.values.get('n') ?? 0);
	return Number.isInteger(last) && last > 0 ? all.slice(0, last) : all;
}

export function ps({ call, machine, containers, words }: Run): number {
	const parsed = options(words, 'aqlvrn:o:p:s:', [...COMMON, 'all=>a', 'pod=>p', 'image=', 'resolve-image-path=>r']);
	if ('fault' in parsed) return badFlag(call, parsed.fault.option);
	const { values } = parsed;
	const state = values.get('s')?.toLowerCase();
	if (state !== undefined && !['created', 'running', 'exited', 'unknown'].includes(state))
		return fatal(call, `listing containers: --state should be one of created, running, exited or unknown`);
	const pattern = values.get('name');
	const imageId = (c: CriContainer): string => imageOf(machine, c.image)?.id ?? c.image;
	const asked = values.get('image');
	const wanted = asked === undefined ? undefined : (imageOf(machine, asked)?.id ?? asked);
	const many = values.has('a') || state !== undefined || values.has('l') || values.has('n');
	const shown = newest(
		parsed,
		containers
			.filter((c) => many || !c.ended)
			.filter((c) => state === undefined || (c.ended ? 'exited' : 'running') === state)
			.filter((c) => pattern === undefined || matches(pattern, c.name))
			.filter((c) => !values.has('id') || c.id.startsWith(values.get('id')!))
			.filter((c) => !values.has('p') || c.sandbox.id.startsWith(values.get('p')!))
			.filter((c) => wanted === undefined || imageId(c) === wanted || short(imageId(c)).startsWith(wanted))
			.filter((c) => labelled(parsed, containerLabels(c)))
			.sort((a, b) => b.startedAt - a.startedAt),
	);
	if (values.has('q')) {
		for (const c of shown) call.out(`${c.id}\n`);
		return 0;
	}
	const done = structured(call, values.get('o'), () => ({
		containers: shown.map((c) => ({
			id: c.id,
			podSandboxId: c.sandbox.id,
			metadata: { name: c.name, attempt: c.attempt },
			image: { image: imageId(c), annotations: {} },
			imageRef: imageId(c),
			state: c.ended ? 'CONTAINER_EXITED' : 'CONTAINER_RUNNING',
			createdAt: nanos(call, c.startedAt),
			labels: containerLabels(c),
			annotations: containerNotes(c),
		})),
	}));
	if (done !== undefined) return done;
	if (values.has('v')) {
		for (const c of shown)
			call.out(
				`ID: ${c.id}\nPodID: ${c.sandbox.id}\nName: ${c.name}\nAttempt: ${c.attempt}\nState: ${c.ended ? 'Exited' : 'Running'}\nImage: ${imageId(c)}\nCreated: ${goTime(call, c.startedAt)}\n${list('Labels', containerLabels(c))}${list('Annotations', containerNotes(c))}\n`,
			);
		return 0;
	}
	const id = (text: string): string => (values.has('no-trunc') ? text : short(text));
	call.out(
		rows([
			['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD'],
			...shown.map((c) => [
				id(c.id),
				values.has('r') ? (imageOf(machine, c.image)?.name ?? c.image) : id(imageId(c)),
				ago(call.lab.now - c.startedAt),
				c.ended ? 'Exited' : 'Running',
				c.name,
				String(c.attempt),
				id(c.sandbox.id),
				c.sandbox.name,
			]),
		]),
	);
	return 0;
}

export function pods({ call, sandboxes, words }: Run): number {
	const parsed = options(words, 'qvln:s:o:', [...COMMON, 'namespace=']);
	if ('fault' in parsed) return badFlag(call, parsed.fault.option);
	const { values } = parsed;
	const state = values.get('s')?.toLowerCase();
	if (state !== undefined && !['ready', 'notready'].includes(state))
		return fatal(call, `listing pod sandboxes: --state should be ready or notready`);
	const shown = newest(
		parsed,
		[...sandboxes]
			.filter((s) => !values.has('id') || s.id.startsWith(values.get('id')!))
			.filter((s) => !values.has('name') || matches(values.get('name')!, s.name))
			.filter((s) => !values.has('namespace') || matches(values.get('namespace')!, s.namespace))
			.filter((s) => state === undefined || (isReady(s) ? 'ready' : 'notready') === state)
			.filter((s) => labelled(parsed, sandboxLabels(s)))
			.sort((a, b) => b.createdAt - a.createdAt),
	);
	if (values.has('q')) {
		for (const s of shown) call.out(`${s.id}\n`);
		return 0;
	}
	const done = structured(call, values.get('o'), () => ({
		items: shown.map((s) => ({
			id: s.id,
			metadata: { name: s.name, uid: s.uid, namespace: s.namespace, attempt: s.attempt },
			state: isReady(s) ? 'SANDBOX_READY' : 'SANDBOX_NOTREADY',
			createdAt: nanos(call, s.createdAt),
			labels: sandboxLabels(s),
			annotations: sandboxNotes(s),
			runtimeHandler: '',
		})),
	}));
	if (done !== undefined) return done;
	if (values.has('v')) {
		for (const s of shown)
			call.out(
				`ID: ${s.id}\nName: ${s.name}\nUID: ${s.uid}\nNamespace: ${s.namespace}\n${s.attempt === 0 ? '' : `Attempt: ${s.attempt}\n`}Status: ${isReady(s) ? 'Ready' : 'NotReady'}\nCreated: ${goTime(call, s.createdAt)}\n${list('Labels', sandboxLabels(s))}${list('Annotations', sandboxNotes(s))}Runtime: (default)\n\n`,
			);
		return 0;
	}
	const id = (text: string): string => (values.has('no-trunc') ? text : short(text));
	call.out(
		rows([
			['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'],
			...shown.map((s) => [
				id(s.id),
				ago(call.lab.now - s.createdAt),
				isReady(s) ? 'Ready' : 'NotReady',
				s.name,
				s.namespace,
				String(s.attempt),
				'(default)',
			]),
		]),
	);
	return 0;
}

/** A name as containerd asks for it: a registry, and a tag (distribution reference.ParseDockerRef()). */
const fullName = (name: string): string => {
	const [first = ''] = name.split('/');
	const there = name.includes('/') && (/[.:]/.test(first) || first === 'localhost');
	const whole = there ? name : name.includes('/') ? `docker.io/${name}` : `docker.io/library/${name}`;
	return /[:@][^/]*$/.test(whole) ? whole : `${whole}:latest`;
};

export function images({ call, machine, words }: Run): number {
	const parsed = options(words, 'qvo:', ['quiet=>q', 'no-trunc', 'output=>o', 'verbose=>v', 'digests']);
	if ('fault' in parsed) return badFlag(call, parsed.fault.option);
	const { values } = parsed;
	const [name] = parsed.args;
	const digests = values.has('digests');
	const shown = [...machine.images]
		.filter(
			(i) =>
				name === undefined ||
				i.name === fullName(name) ||
				(/^(?:sha256:)?[0-9a-f]{3,64}$/.test(name) &&
					i.id.replace('sha256:', '').startsWith(name.replace('sha256:', ''))),
		)
		.sort((a, b) => (a.name < b.name ? -1 : 1));
	if (values.has('q')) {
		for (const i of shown) call.out(`${i.id}\n`);
		return 0;
	}
	const digest = (i: (typeof shown)[number]): string => `${nameAndTag(i.name)[0]}@${i.digest}`;
	const done = structured(call, values.get('o'), () => ({
		images: shown.map((i) => ({ ...(imageJson(i) as { status: object }).status, spec: null, pinned: false })),
	}));
	if (done !== undefined) return done;
	if (values.has('v')) {
		for (const i of shown)
			call.out(`ID: ${i.id}\nRepoTags: ${i.name}\nRepoDigests: ${digest(i)}\nSize: ${sizeText(i.size)}\n\n`);
		return 0;
	}
	call.out(
		rows([
			['IMAGE', 'TAG', ...(digests ? ['DIGEST'] : []), 'IMAGE ID', 'SIZE'],
			...shown.map((i) => [
				...nameAndTag(i.name),
				...(digests ? [short(i.digest)] : []),
				values.has('no-trunc') ? i.id : short(i.id),
				sizeText(i.size),
			]),
		]),
	);
	return 0;
}
