/** What docker prints of containers (docker/cli cli/command/formatter @ v20.10, docker/go-units duration.go, size.go). */

import { type Container, dockerDiff, knownDocker, type Lab } from '../../sim/lab/index.ts';
import { goTemplate, TemplateError } from '../gotemplate/index.ts';
import { DOCKER, tabulate } from '../text/index.ts';
import { imageCalled } from './image-called.ts';
import { exposedPorts } from './image-config.ts';
import { mountsOf } from './node-mounts.ts';

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

/** What it listens on by its image and `--expose`, then what is published (formatter/container.go DisplayablePorts()). */
const ports = (container: Container, lab: Lab): string => {
	if (container.state !== 'running') return '';
	const published = container.ports.map(
		(port) => `${port.hostIp}:${port.hostPort}->${port.containerPort}/${port.protocol}`,
	);
	const plain = exposedPorts(lab, container).filter(
		(text) => !container.ports.some((port) => `${port.containerPort}/${port.protocol}` === text),
	);
	// Those that follow each other are a range.
	const groups: { protocol: string; first: number; last: number }[] = [];
	for (const text of plain) {
		const [port, protocol = 'tcp'] = text.split('/');
		const group = groups.find((g) => g.protocol === protocol && g.last + 1 === Number(port));
		if (group) group.last++;
		else groups.push({ protocol, first: Number(port), last: Number(port) });
	}
	const shown = groups.map(({ protocol, first, last }) => `${first === last ? first : `${first}-${last}`}/${protocol}`);
	return [...shown, ...published].join(', ');
};

/** As `docker ps` and `docker inspect` call it. */
export const stateOf = ({ state, paused, restarting }: Container): string =>
	restarting ? 'restarting' : paused ? 'paused' : state;

const healthOf = (container: Container, lab: Lab): string => {
	const status = knownDocker(lab, container.id)?.health?.status;
	return status === undefined ? '' : status === 'starting' ? ' (health: starting)' : ` (${status})`;
};

const status = (container: Container, now: number, lab: Lab): string =>
	container.state === 'running'
		? `Up ${humanDuration(now - (container.started ?? container.created))}${container.paused ? ' (Paused)' : healthOf(container, lab)}`
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
export const shownLabels = ({ labels }: Container): Readonly<Record<string, string>> =>
	Object.fromEntries(Object.entries(labels).filter(([key]) => !key.startsWith('\0')));

/** Names of its networks, sorted as Go prints a map. */
export const networksOf = (container: Container): readonly string[] =>
	[container, ...(container.more ?? [])]
		.map(({ network }) => network)
		.filter((name) => name !== '')
		.sort();

/** Octets it wrote over its image; nothing is known of a node's. */
export const writtenBy = (container: Container, lab: Lab): number =>
	Object.hasOwn(container.labels, 'io.x-k8s.kind.cluster')
		? 0
		: dockerDiff(lab, container).reduce((sum, { size }) => sum + size, 0);

/** Octets of its image. */
export const imageSize = (container: Container, lab: Lab): number =>
	imageCalled(lab, container.image)?.size ?? imageCalled(lab, container.base ?? '')?.size ?? 0;

function sizeText(container: Container, lab: Lab): string {
	const own = writtenBy(container, lab);
	const image = imageSize(container, lab);
	return image === 0 ? humanSize(own) : `${humanSize(own)} (virtual ${humanSize(own + image)})`;
}

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
	Ports: ports(container, lab),
	State: stateOf(container),
	Status: status(container, lab.now, lab),
	Names: container.name,
	Labels: Object.entries(shownLabels(container))
		.map(([key, value]) => `${key}=${value}`)
		.join(','),
	Networks: networksOf(container).join(','),
	Mounts: mountsOf(lab, container)
		.filter(({ type }) => type !== 'tmpfs')
		.map(({ name, source }) => name ?? source)
		.map((text) => (truncate && text.length > 15 ? `${text.slice(0, 14)}…` : text))
		.join(','),
	LocalVolumes: String(mountsOf(lab, container).filter(({ type }) => type === 'volume').length),
	Size: sizeText(container, lab),
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
 * Rows by a format: `table {{.A}}\t{{.B}}`, a template for each row, and no word of `json` before 23.0. Answers what docker says of a bad one
 * as `error`.
 */
export function formatRows(
	format: string,
	rows: readonly Readonly<Record<string, string>>[],
	headings: Readonly<Record<string, string>> = {},
): { readonly text: string } | { readonly error: string } {
	const table = format.startsWith('table');
	const source = (table ? format.slice('table'.length).trim() : format).replaceAll('\\t', '\t').replaceAll('\\n', '\n');
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
