/**
 * `kind export logs`: what Docker and the nodes tell of themselves, as files.
 *
 * Source: kind pkg/cmd/kind/export/logs/logs.go, pkg/cluster/internal/providers/docker/provider.go (CollectLogs),
 * pkg/cluster/internal/providers/common/logs.go, pkg/cluster/internal/logs/logs.go @ v0.14.0.
 */
import type { Run } from '../cobra/index.ts';
import type { Call, Files, Place } from '../tool.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** What is run for each node, and where its output goes. */
const COMMANDS: readonly (readonly [file: string, command: string])[] = [
	['kubernetes-version.txt', 'cat /kind/version'],
	['journal.log', 'journalctl --no-pager'],
	['kubelet.log', 'journalctl --no-pager -u kubelet.service'],
	['containerd.log', 'journalctl --no-pager -u containerd.service'],
	['images.log', 'crictl images'],
];

/** Copies a folder; what is a link comes as the file behind it (`tar -h`). */
async function dump(call: Call, from: Files, folder: string, to: string): Promise<void> {
	for (const name of (await from.list(folder)) ?? []) {
		call.check();
		const path = `${folder}/${name}`;
		if (await from.list(path)) await dump(call, from, path, `${to}/${name}`);
		else {
			const octets = await from.readBytes(path);
			if (octets) await call.files.write(`${to}/${name}`, octets);
		}
	}
}

/** A folder below /tmp that nobody has yet, named as Go's ioutil.TempDir names one. */
async function temporary(call: Call): Promise<string> {
	for (let i = 0; ; i++) {
		const name = `/tmp/${call.lab.random('kind', `logs ${call.lab.now} ${i}`, 4_294_967_296)}`;
		if ((await call.files.list(name)) === undefined) return name;
	}
}

export async function exportLogs(run: Run): Promise<string | number> {
	const { call, flags, args } = run;
	const { lab } = call;
	const cluster = flags.text('name');
	const nodes = lab.kind.nodes(cluster);
	if (nodes.length === 0) return `unknown cluster ${JSON.stringify(cluster)}`;
	const shown = args[0] ?? (await temporary(call));
	const dir = shown.startsWith('/') ? shown : `${call.cwd.replace(/\/$/, '')}/${shown}`;
	call.err(`Exporting logs for cluster ${JSON.stringify(cluster)} to:\n`);
	call.out(`${shown}\n`);
	const laptop: Place = { kind: 'laptop' };
	const machines = lab.cluster(cluster)?.nodes() ?? [];
	const lines = [`mkdir -p ${nodes.map((name) => quoted(`${dir}/${name}`)).join(' ')}`];
	lines.push(`docker info > ${quoted(`${dir}/docker-info.txt`)} 2>&1`);
	let failed = 0;
	const failures: string[] = [];
	await call.runAt(laptop, ['bash', '-c', lines.join('\n')]);
	await call.files.write(`${dir}/kind-version.txt`, `kind ${lab.kind.release} go1.18.2 linux/amd64`);
	for (const name of nodes) {
		const at = `${dir}/${name}`;
		const to = (file: string): string => `> ${quoted(`${at}/${file}`)} 2>&1`;
		// A balancer has neither kubelet nor journal, and kind asks its nodes for logs, not all of its containers.
		const machine = machines.find((one) => one.name === name);
		if (machine?.role === 'external-load-balancer') continue;
		await call.runAt(laptop, [
			'bash',
			'-c',
			`docker inspect ${name} ${to('inspect.json')}; docker logs ${name} ${to('serial.log')}`,
		]);
		for (const [file, command] of COMMANDS) {
			const code = await call.runAt(laptop, ['bash', '-c', `docker exec --privileged ${name} ${command} ${to(file)}`]);
			if (code === 0) continue;
			failed++;
			failures.push(`command "docker exec --privileged ${name} ${command}" failed with error: exit status ${code}`);
		}
		if (machine?.running) await dump(call, call.filesAt({ kind: 'node', cluster, node: name }), '/var/log', at);
	}
	if (failed === 0) return 0;
	return failures.length === 1 ? failures[0]! : `[${failures.join(', ')}]`;
}
