/** What docker prints of containers (docker/cli cli/command/formatter @ v20.10, docker/go-units duration.go, size.go). */

import { type Container, knownDocker, type Lab, programOf } from '../../sim/lab/index.ts';
import { formatIp, formatMac } from '../../sim/wire/index.ts';
import { goTemplate, TemplateError } from '../gotemplate/index.ts';
import { processesAt } from '../linux/index.ts';
import { DOCKER, tabulate } from '../text/index.ts';
import { processOf } from './processes.ts';

/** `5 minutes`, `About an hour`. Microseconds. */
export function humanDuration(micros: number): string {
	const seconds = Math.floor(micros / 1e6);
	const minutes = Math.floor(seconds / 60);
	const hours = Math.round(micros / 3.6e9);
	if (seconds < 1) return 'Less than a second';
	if (seconds === 1) return '1 second';
	if (seconds < 60) return `${seconds} seconds`;
	if (minutes === 1) return 'About a minute';
	if (minutes < 60) return `${minutes} minutes`;
	if (hours === 1) return 'About an hour';
	if (hours < 48) return `${hours} hours`;
	if (hours < 24 * 7 * 2) return `${Math.floor(hours / 24)} days`;
	if (hours < 24 * 30 * 2) return `${Math.floor(hours / 24 / 7)} weeks`;
	if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24 / 30)} months`;
	return `${Math.floor(micros / 3.6e9 / 24 / 365)} years`;
}

/** `955MB`, with three digits that count. */
export function humanSize(octets: number): string {
	let size = octets;
	let unit = 0;
	for (; size >= 1000 && unit < 5; unit++) size /= 1000;
	const digits = Number(size.toPrecision(3));
	return `${digits}${['B', 'kB', 'MB', 'GB', 'TB', 'PB'][unit]}`;
}

const ports = (container: Container): string =>
	container.state === 'running'
		? container.ports
				.map((port) => `${port.hostIp}:${port.hostPort}->${port.containerPort}/${port.protocol}`)
				.join(', ')
		: '';

/** As `docker ps` and `docker inspect` call it. */
export const stateOf = ({ state, paused, restarting }: Container): string =>
	restarting ? 'restarting' : paused ? 'paused' : state;

const status = (container: Container, now: number): string =>
	container.state === 'running'
		? `Up ${humanDuration(now - (container.started ?? container.created))}${container.paused ? ' (Paused)' : ''}`
		: container.restarting
			? `Restarting (${container.exitCode ?? 0}) ${humanDuration(now - (container.finished ?? container.created))} ago`
			: container.state === 'created'
				? 'Created'
				: `Exited (${container.exitCode ?? 0}) ${humanDuration(now - (container.finished ?? container.created))} ago`;

const pad = (n: number): string => String(n).padStart(2, '0');
const createdAt = (micros: number): string => {
	const d = new Date(Math.floor(micros / 1000));
	return `${d.getUTCFullYear()}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())} ${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}:${pad(d.getUTCSeconds())} +0000 UTC`;
};

/** Without what the tool keeps there for itself. */
const shownLabels = ({ labels }: Container): Readonly<Record<string, string>> =>
	Object.fromEntries(Object.entries(labels).filter(([key]) => !key.startsWith('\0')));

/** The fields a format of `docker ps` may name. */
export const containerFields = (
	container: Container,
	lab: Lab,
	truncate: boolean,
): Readonly<Record<string, string>> => ({
	ID: truncate ? container.id.slice(0, 12) : container.id,
	Image: container.image,
	Command: JSON.stringify(
		truncate && container.command.length > 20 ? `${container.command.slice(0, 19)}…` : container.command,
	),
	CreatedAt: createdAt(lab.epoch * 1e6 + container.created),
	RunningFor: `${humanDuration(lab.now - container.created)} ago`,
	Ports: ports(container),
	State: stateOf(container),
	Status: status(container, lab.now),
	Names: container.name,
	Labels: Object.entries(shownLabels(container))
		.map(([key, value]) => `${key}=${value}`)
		.join(','),
	Networks: container.network,
	Mounts: (knownDocker(lab, container.id)?.settings.mounts ?? [])
		.filter(({ type }) => type !== 'tmpfs')
		.map(({ name, source }) => name ?? source)
		.join(','),
	LocalVolumes: String(
		(knownDocker(lab, container.id)?.settings.mounts ?? []).filter(({ type }) => type === 'volume').length,
	),
	Size: '0B',
});

/** Headings of a table by field. */
const HEADINGS: Readonly<Record<string, string>> = {
	ID: 'CONTAINER ID',
	Image: 'IMAGE',
	Command: 'COMMAND',
	CreatedAt: 'CREATED AT',
	RunningFor: 'CREATED',
	Ports: 'PORTS',
	State: 'STATE',
	Status: 'STATUS',
	Names: 'NAMES',
	Labels: 'LABELS',
	Networks: 'NETWORKS',
	Mounts: 'MOUNTS',
	LocalVolumes: 'LOCAL VOLUMES',
	Size: 'SIZE',
	Repository: 'REPOSITORY',
	Tag: 'TAG',
	Digest: 'DIGEST',
	CreatedSince: 'CREATED',
	Name: 'NAME',
	Driver: 'DRIVER',
	Scope: 'SCOPE',
};

/**
 * Rows by a format: `table {{.A}}\t{{.B}}`, a template for each row, or `json`. Answers what docker says of a bad one
 * as `error`.
 */
export function formatRows(
	format: string,
	rows: readonly Readonly<Record<string, string>>[],
	headings: Readonly<Record<string, string>> = {},
): { readonly text: string } | { readonly error: string } {
	const table = format.startsWith('table');
	const source = (table ? format.slice('table'.length).trim() : format === 'json' ? '{{json .}}' : format)
		.replaceAll('\\t', '\t')
		.replaceAll('\\n', '\n');
	try {
		const template = goTemplate(source, { strict: true });
		const lines = rows.map((row) => `${template(row)}\n`);
		if (!table) return { text: lines.join('') };
		const names = goTemplate(source)({ ...HEADINGS, ...headings });
		return { text: tabulate(`${names}\n${lines.join('')}`, DOCKER) };
	} catch (fault) {
		if (fault instanceof TemplateError)
			return { error: `Template parsing error: ${fault.message.replace('template: :', 'template: :')}` };
		throw fault;
	}
}

/** `docker inspect`, as far as the lab knows (Engine API v1.41 ContainerInspect). */
export const inspectContainer = (container: Container, lab: Lab): Readonly<Record<string, unknown>> => {
	const running = container.state === 'running';
	const node = Object.hasOwn(container.labels, 'io.x-k8s.kind.cluster');
	const network = lab.docker.networks().find((item) => item.name === container.network);
	const length = Number(network?.subnet?.split('/')[1] ?? 0);
	const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
	for (const port of container.ports) {
		const key = `${port.containerPort}/${port.protocol}`;
		bindings[key] = [...(bindings[key] ?? []), { HostIp: port.hostIp, HostPort: String(port.hostPort) }];
	}
	const [path = '', ...args] = processOf(lab, container)?.spec.argv ?? container.command.split(' ');
	const entry = knownDocker(lab, container.id);
	const mounts = entry?.settings.mounts ?? [];
	const program = entry && programOf(entry.state.spec);
	const [policy = '', most = '0'] = (processOf(lab, container)?.spec.restart ?? '').split(':');
	const pid =
		processesAt(lab, { kind: 'laptop' }).find((p) => p.container === container.id || p.ns === `node/${container.name}`)
			?.pid ?? 0;
	const time = (micros: number | undefined): string =>
		micros === undefined
			? '0001-01-01T00:00:00Z'
			: new Date(Math.floor(lab.epoch * 1000 + micros / 1000)).toISOString();
	return {
		Id: container.id,
		Created: time(container.created),
		Path: path,
		Args: args,
		State: {
			Status: stateOf(container),
			Running: running,
			Paused: container.paused === true,
			Restarting: container.restarting === true,
			OOMKilled: (entry?.kills ?? 0) > 0 && !running,
			Dead: false,
			Pid: running ? pid : 0,
			ExitCode: running ? 0 : (container.exitCode ?? 0),
			Error: '',
			StartedAt: time(container.started),
			FinishedAt: time(running ? undefined : container.finished),
		},
		Image: container.image,
		Name: `/${container.name}`,
		RestartCount: processOf(lab, container)?.restarts ?? 0,
		Driver: 'overlay2',
		Platform: 'linux',
		HostConfig: {
			NetworkMode: container.network,
			PortBindings: bindings,
			RestartPolicy: { Name: policy === '' ? 'no' : policy, MaximumRetryCount: Number(most) },
			AutoRemove: Object.hasOwn(container.labels, '\0rm'),
			Binds: mounts
				.filter(({ type }) => type !== 'tmpfs')
				.map((m) => `${m.name ?? m.source}:${m.target}${m.readOnly ? ':ro' : ''}`),
			Memory: entry?.settings.memory ?? 0,
			Privileged: node || entry?.settings.security?.privileged === true,
			ReadonlyRootfs: entry?.settings.security?.readOnlyRootFilesystem === true,
		},
		Mounts: mounts
			.filter(({ type }) => type !== 'tmpfs')
			.map(({ type, name, source, target, readOnly }) => ({
				Type: type,
				...(name === undefined ? {} : { Name: name }),
				Source: source,
				Destination: target,
				...(name === undefined ? {} : { Driver: 'local' }),
				Mode: readOnly ? 'ro' : '',
				RW: !readOnly,
				Propagation: type === 'bind' ? 'rprivate' : '',
			})),
		Config: {
			Hostname: node ? container.name : (container.hostname ?? container.id.slice(0, 12)),
			User: entry?.settings.security?.runAsUser === undefined ? '' : String(entry.settings.security.runAsUser),
			Env: Object.entries(entry?.state.env ?? {}).map(([key, value]) => `${key}=${value}`),
			Cmd: entry ? (entry.state.spec.args ?? program?.cmd ?? args) : [path, ...args],
			WorkingDir: entry?.state.cwd === '/' ? '' : (entry?.state.cwd ?? ''),
			Entrypoint: entry?.state.spec.command ?? program?.entrypoint ?? null,
			Image: container.image,
			Labels: shownLabels(container),
		},
		NetworkSettings: {
			Ports: running ? bindings : {},
			Networks: {
				[container.network]: {
					Gateway: running && network?.gateway !== undefined ? formatIp(network.gateway) : '',
					IPAddress: running && container.ip !== undefined ? formatIp(container.ip) : '',
					IPPrefixLen: running ? length : 0,
					MacAddress: running && container.mac !== undefined ? formatMac(container.mac) : '',
					NetworkID: network?.id ?? '',
				},
			},
		},
	};
};
