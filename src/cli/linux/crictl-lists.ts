/** crictl ps, pods and images (cri-tools v1.24.0 cmd/crictl/{container,sandbox,image}.go). */
import { isReady } from './cri.ts';
import { imageOf } from './cri-inspect.ts';
import { ago, nameAndTag, rows, short, sizeText } from './cri-words.ts';
import { badFlag, matches, options, type Run } from './crictl-run.ts';

export function ps({ call, machine, containers, words }: Run): number {
	const parsed = options(words, 'aqnrlvo:p:s:', [
		'all=>a',
		'quiet=>q',
		'name=',
		'pod=>p',
		'state=>s',
		'output=>o',
		'no-trunc',
		'label=',
		'image=',
		'latest=>l',
	]);
	if ('fault' in parsed) return badFlag(call, parsed.fault.option);
	const { values } = parsed;
	const state = values.get('s')?.toLowerCase();
	const pattern = values.get('name');
	const list = containers
		.filter((c) => values.has('a') || state !== undefined || !c.ended)
		.filter((c) => state === undefined || (c.ended ? 'exited' : 'running') === state)
		.filter((c) => pattern === undefined || matches(pattern, c.name))
		.filter((c) => !values.has('p') || c.sandbox.id.startsWith(values.get('p')!))
		.sort((a, b) => b.startedAt - a.startedAt);
	if (values.has('q')) for (const c of list) call.out(`${c.id}\n`);
	else if (values.get('o') === 'json')
		call.out(
			`${JSON.stringify(
				{
					containers: list.map((c) => ({
						id: c.id,
						podSandboxId: c.sandbox.id,
						metadata: { name: c.name, attempt: c.attempt },
						image: { image: imageOf(machine, c.image)?.id ?? c.image, annotations: {} },
						state: c.ended ? 'CONTAINER_EXITED' : 'CONTAINER_RUNNING',
						createdAt: String((call.lab.epoch * 1e6 + c.startedAt) * 1000),
						labels: {
							'io.kubernetes.container.name': c.name,
							'io.kubernetes.pod.name': c.sandbox.name,
							'io.kubernetes.pod.namespace': c.sandbox.namespace,
							'io.kubernetes.pod.uid': c.sandbox.uid,
						},
					})),
				},
				undefined,
				2,
			)}\n`,
		);
	else {
		const id = (text: string): string => (values.has('no-trunc') ? text : short(text));
		call.out(
			rows([
				['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD'],
				...list.map((c) => [
					id(c.id),
					short(imageOf(machine, c.image)?.id ?? c.image),
					ago(call.lab.now - c.startedAt),
					c.ended ? 'Exited' : 'Running',
					c.name,
					String(c.attempt),
					id(c.sandbox.id),
					c.sandbox.name,
				]),
			]),
		);
	}
	return 0;
}

export function pods({ call, sandboxes, words }: Run): number {
	const parsed = options(words, 'qvls:o:', [
		'quiet=>q',
		'name=',
		'namespace=',
		'state=>s',
		'output=>o',
		'label=',
		'no-trunc',
	]);
	if ('fault' in parsed) return badFlag(call, parsed.fault.option);
	const { values } = parsed;
	const state = values.get('s')?.toLowerCase();
	const list = [...sandboxes]
		.filter((s) => !values.has('name') || matches(values.get('name')!, s.name))
		.filter((s) => !values.has('namespace') || s.namespace === values.get('namespace'))
		.filter((s) => state === undefined || (isReady(s) ? 'ready' : 'notready') === state)
		.sort((a, b) => b.createdAt - a.createdAt);
	const id = (text: string): string => (values.has('no-trunc') ? text : short(text));
	if (values.has('q')) for (const s of list) call.out(`${s.id}\n`);
	else
		call.out(
			rows([
				['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'],
				...list.map((s) => [
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

export function images({ call, machine, words }: Run): number {
	const parsed = options(words, 'qvo:', ['quiet=>q', 'no-trunc', 'output=>o', 'verbose=>v', 'digests']);
	if ('fault' in parsed) return badFlag(call, parsed.fault.option);
	const [name] = parsed.args;
	const digests = parsed.values.has('digests');
	const list = [...machine.images]
		.filter(
			(i) => name === undefined || i.name === name || nameAndTag(i.name)[0] === name || i.name.endsWith(`/${name}`),
		)
		.sort((a, b) => (a.name < b.name ? -1 : 1));
	if (parsed.values.has('q')) for (const i of list) call.out(`${i.id}\n`);
	else
		call.out(
			rows([
				['IMAGE', 'TAG', ...(digests ? ['DIGEST'] : []), 'IMAGE ID', 'SIZE'],
				...list.map((i) => [
					...nameAndTag(i.name),
					...(digests ? [short(i.digest)] : []),
					parsed.values.has('no-trunc') ? i.id : short(i.id),
					sizeText(i.size),
				]),
			]),
		);
	return 0;
}
