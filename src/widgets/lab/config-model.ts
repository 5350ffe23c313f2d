/** What a release of Cilium's chart makes of values: the keys of its ConfigMap, and which value is behind which. */
import { readManifests } from '../../cli/index.ts';
import { ciliumChartVersions, mergeValues, parseSet, renderCilium, type Values } from '../../sim/charts/index.ts';

/** A version of the chart and values as somebody writes them: YAML, or what follows `--set`. */
export interface Side {
	readonly version: string;
	readonly text: string;
}

export interface Refusal {
	/** Who stops: helm while it reads the values, or the chart while it is rendered. */
	readonly by: 'values' | 'chart';
	/** As helm prints it after `Error: `. */
	readonly error: string;
}

/** A value that was given, and what the chart does with it. */
export interface Given {
	/** `hubble.relay.enabled`. */
	readonly path: string;
	readonly text: string;
	readonly kind: 'unknown' | 'other-version' | 'no-key' | 'sets';
	/** The key of the chart that a misspelt one looks like. */
	readonly near?: string;
}

export interface Config {
	readonly data: ReadonlyMap<string, string>;
	readonly given: readonly Given[];
	/** Keys of the ConfigMap that would be otherwise without a value, with the values behind them. */
	readonly by: ReadonlyMap<string, readonly string[]>;
}

export interface Difference {
	readonly key: string;
	/** Absent where the key is not written. */
	readonly left?: string;
	readonly right?: string;
}

/** Releases to choose from: the course's own, and the last patch of each minor that was read. */
export const VERSIONS: readonly string[] = [
	'1.12.1',
	'1.13.4',
	'1.14.14',
	'1.15.19',
	'1.16.11',
	'1.17.5',
	'1.18.11',
	'1.19.5',
].filter((version) => ciliumChartVersions().includes(version));

/** Kubernetes for which the chart is rendered: some templates ask for it. */
const KUBERNETES = 'v1.24.0';

const SET_LINE = /^\s*(?:--set(?:-string)?[\s=]|[\w.[\]"\\-]+=)/;

/** Reads values. Lines of `--set` (or only what follows it) are taken as well as YAML. */
export function readValues(text: string): { readonly values: Values } | Refusal {
	const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
	if (lines.length > 0 && lines.every((line) => SET_LINE.test(line))) return readSet(lines);
	const documents = readManifests(text);
	if ('error' in documents) return { by: 'values', error: `failed to parse values.yaml: ${documents.error}` };
	return { values: (documents[0]?.value ?? {}) as Values };
}

function readSet(lines: readonly string[]): { readonly values: Values } | Refusal {
	let values: Values = {};
	for (const line of lines) {
		for (const part of line
			.trim()
			.replace(/\s*\\$/, '')
			.split(/\s+(?=--set)/)) {
			const [, flag = 'set', rest = part] = /^--(set(?:-string)?)[\s=]+(.*)$/.exec(part) ?? [];
			const parsed = parseSet(rest.replace(/^(['"])(.*)\1$/, '$2'), {
				into: values,
				strings: flag === 'set-string',
			});
			if ('error' in parsed) return { by: 'values', error: `failed parsing --${flag} data: ${parsed.error}` };
			values = mergeValues(values, parsed.values);
		}
	}
	return { values };
}

function render(version: string, values: Values) {
	const rendered = renderCilium({
		release: 'cilium',
		namespace: 'kube-system',
		version,
		kubernetes: KUBERNETES,
		values,
	});
	if ('error' in rendered) return rendered;
	const map = rendered.manifests.find(
		(m) => m.kind === 'ConfigMap' && (m.metadata as { readonly name?: string }).name === 'cilium-config',
	);
	const data = new Map(Object.entries((map as { readonly data?: Record<string, string> } | undefined)?.data ?? {}));
	return { data, messages: rendered.messages };
}

/** Paths of what was given; a list is one value. */
function leaves(values: Values, before: readonly string[] = []): { path: readonly string[]; value: unknown }[] {
	return Object.entries(values).flatMap(([key, value]) =>
		typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
			? leaves(value as Values, [...before, key])
			: [{ path: [...before, key], value }],
	);
}

function without(values: Values, [key, ...rest]: readonly string[]): Values {
	const out: Record<string, Values[string]> = { ...values };
	if (rest.length === 0) delete out[key!];
	else out[key!] = without(out[key!] as Values, rest);
	return out;
}

/** The ConfigMap of values, or who refuses them and how. */
export function configOf({ version, text }: Side): Config | Refusal {
	const read = readValues(text);
	if ('error' in read) return read;
	const { values } = read;
	const whole = render(version, values);
	if ('error' in whole) return { by: 'chart', error: `INSTALLATION FAILED: ${whole.error}` };
	const by = new Map<string, string[]>();
	const given = leaves(values).map(({ path, value }): Given => {
		const name = path.join('.');
		const shown = typeof value === 'string' ? value : JSON.stringify(value);
		const message = whole.messages.find(
			(m) => (m.code === 'helm.unknown-key' || m.code === 'helm.other-version') && m.params.key === name,
		);
		if (message) {
			const near = message.params.near;
			return {
				path: name,
				text: shown,
				kind: message.code === 'helm.unknown-key' ? 'unknown' : 'other-version',
				...(typeof near === 'string' ? { near } : {}),
			};
		}
		const less = render(version, without(values, path));
		const keys = 'error' in less ? [] : differences(less.data, whole.data).map((d) => d.key);
		for (const key of keys) by.set(key, [...(by.get(key) ?? []), name]);
		return { path: name, text: shown, kind: keys.length > 0 ? 'sets' : 'no-key' };
	});
	return { data: whole.data, given, by };
}

/** Keys that differ, sorted. */
export function differences(
	left: ReadonlyMap<string, string>,
	right: ReadonlyMap<string, string>,
): readonly Difference[] {
	return [...new Set([...left.keys(), ...right.keys()])]
		.filter((key) => left.get(key) !== right.get(key))
		.sort()
		.map((key) => ({
			key,
			...(left.has(key) ? { left: left.get(key)! } : {}),
			...(right.has(key) ? { right: right.get(key)! } : {}),
		}));
}
