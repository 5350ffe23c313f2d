/**
 * A folder's kustomization as kustomize reads it, its bases and components among its resources.
 *
 * Source: kustomize api/internal/target/kusttarget.go, api/loader/fileloader.go @ kustomize/v4.5.4;
 * api/types/kustomization.go @ v5.0.1 (warnings).
 */
import { clone, isRecord } from '../../../sim/api/index.ts';
import { readManifests } from '../../kube/index.ts';
import { webPage } from '../../web/index.ts';
import { absorb, takeGenerated } from './accumulate.ts';
import { generate } from './generate.ts';
import { type Draft, fail, KustomizeError, makeResource, nameOf, type Resource, within } from './resource.ts';
import { readKustomization } from './schema.ts';
import { transform } from './transform.ts';
import { records, strings, text } from './values.ts';
import { declare, mergeVars, type Vars } from './vars.ts';

/** Where files are. Paths are absolute. */
export interface Disk {
	read(path: string): Promise<string | undefined>;
	readBytes(path: string): Promise<Uint8Array | undefined>;
	/** Names in a folder; undefined where there is none. */
	list(path: string): Promise<readonly string[] | undefined>;
}

export interface BuildOptions {
	/** Of kubectl, by which kustomize is known: 27 and later have the fifth. */
	readonly minor: number;
	readonly warn: (text: string) => void;
	/** What the log has. */
	readonly log: (text: string) => void;
	/** Where in memory what is called so stands: Go prints it. */
	readonly address: (of: string) => string;
}

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
/** What is not built here, in one sentence each. */
const UNKNOWN = [
	'crds',
	'helmCharts',
	'helmChartInflationGenerator',
	'generators',
	'transformers',
	'validators',
	'configurations',
	'openapi',
];

const OLD: readonly (readonly [field: string, instead: string, since: number])[] = [
	['commonLabels', 'labels', 30],
	['bases', 'resources', 27],
	['imageTags', 'images', 27],
	['patchesJson6902', 'patches', 27],
	['patchesStrategicMerge', 'patches', 27],
	['vars', 'replacements', 27],
];

/** A path below a folder, without its `.` and `..`. */
export function joined(root: string, path: string): string {
	const out: string[] = [];
	for (const part of (path.startsWith('/') ? path : `${root}/${path}`).split('/')) {
		if (part === '..') out.pop();
		else if (part !== '' && part !== '.') out.push(part);
	}
	return `/${out.join('/')}`;
}

/** From kustomize 4.5.7 on with two words more (api/loader/errors.go). */
const noFolder = (root: string, minor: number): string =>
	`${minor >= 25 ? 'must build at directory: not a valid directory: ' : ''}evalsymlink failure on '${root}' : lstat ${root}: no such file or directory`;

const noDirectory = (root: string, minor: number): string =>
	minor >= 27
		? `must build at directory: '${root}': file is not directory`
		: `'${root}' must be a directory so that it can used as a build root`;

/** A kustomization that was read. Its methods throw `KustomizeError`. */
export class Target {
	readonly root: string;
	readonly kustomization: Draft;
	readonly #disk: Disk;
	readonly #options: BuildOptions;
	/** Folders this one was asked for by. */
	readonly #from: readonly string[];

	constructor(root: string, kustomization: Draft, disk: Disk, options: BuildOptions, from: readonly string[]) {
		this.root = root;
		this.kustomization = kustomization;
		this.#disk = disk;
		this.#options = options;
		this.#from = from;
	}

	static async load(root: string, disk: Disk, options: BuildOptions, from: readonly string[] = []): Promise<Target> {
		const list = await disk.list(root);
		if (!list) {
			const isFile = (await disk.read(root)) !== undefined;
			return fail(isFile ? noDirectory(root, options.minor) : noFolder(root, options.minor));
		}
		const found: string[] = [];
		for (const name of NAMES) if (list.includes(name)) found.push(name);
		if (found.length === 0)
			return fail(
				`unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${root}'`,
			);
		if (found.length > 1) return fail(`Found multiple kustomization files under: ${root}\n`);
		const content = (await disk.read(`${root}/${found[0]}`)) ?? '';
		if (content.trim() === '') return fail('kustomization.yaml is empty');
		const read = readManifests(content, 'yaml');
		const prefix = options.minor >= 27 ? 'invalid Kustomization: ' : '';
		if ('error' in read) return fail(`${prefix}${read.error.replace(/^error converting YAML to JSON: /, '')}`);
		let kustomization: Draft;
		try {
			kustomization = readKustomization((read[0]?.value ?? {}) as Draft);
		} catch (fault) {
			if (!(fault instanceof KustomizeError)) throw fault;
			return fail(`${prefix}${fault.message}`);
		}
		// types.Kustomization.CheckEmpty(), from kustomize 5.1 on.
		if (options.minor >= 31 && Object.keys(kustomization).every((key) => key === 'apiVersion' || key === 'kind'))
			return fail('kustomization.yaml is empty');
		const kind = text(kustomization.kind) || 'Kustomization';
		const version = text(kustomization.apiVersion);
		const errors = [
			...(kind !== 'Kustomization' && kind !== 'Component' ? ['kind should be Kustomization or Component'] : []),
			...(version !== '' && version !== `kustomize.config.k8s.io/v1${kind === 'Component' ? 'alpha1' : 'beta1'}`
				? [`apiVersion for ${kind} should be kustomize.config.k8s.io/v1${kind === 'Component' ? 'alpha1' : 'beta1'}`]
				: []),
		];
		if (errors.length > 0) return fail(`Failed to read kustomization file under ${root}:\n${errors.join('\n')}`);
		for (const [field, instead, since] of OLD)
			if (kustomization[field] !== undefined && options.minor >= since)
				options.warn(
					`# Warning: '${field}' is deprecated. Please use '${instead}' instead.${field === 'vars' ? ' [EXPERIMENTAL]' : ''} Run 'kustomize edit fix' to update your Kustomization automatically.\n`,
				);
		for (const field of UNKNOWN)
			if (kustomization[field] !== undefined) return fail(`kustomizations of this lab have no ${field}`);
		for (const word of strings(kustomization.buildMetadata))
			if (word === 'originAnnotations' || word === 'transformerAnnotations')
				return fail(`kustomizations of this lab have no buildMetadata ${word}`);
		return new Target(root, kustomization, disk, options, from);
	}

	/** A file of this kustomization, which lies in its folder. */
	readonly file = async (path: string): Promise<string> => {
		const whole = joined(this.root, path);
		if (await this.#disk.list(whole)) return fail(`'${whole}' must resolve to a file`);
		const content = await this.#disk.read(whole);
		if (content === undefined) {
			return fail(`evalsymlink failure on '${whole}' : lstat ${whole}: no such file or directory`);
		}
		if (!whole.startsWith(`${this.root}/`)) return fail(`security; file '${whole}' is not in or below '${this.root}'`);
		return content;
	};

	/** The same as octets. */
	readonly bytes = async (path: string): Promise<Uint8Array> => {
		await this.file(path);
		return (await this.#disk.readBytes(joined(this.root, path)))!;
	};

	async #resourceFile(path: string): Promise<readonly Resource[]> {
		let content: string;
		if (/^https?:\/\//.test(path)) {
			const page = await webPage(path);
			if ('lacking' in page) return fail(`unable to read URL "${path}": ${page.lacking}`);
			if (!('text' in page)) return fail(`URL is a git repository`);
			content = page.text;
		} else content = await this.file(path);
		const read = readManifests(content, 'yaml-v3');
		if ('error' in read && read.error.startsWith('error unmarshaling JSON')) return fail('missing Resource metadata');
		if ('error' in read)
			return fail(`MalformedYAMLError: ${read.error.replace(/^error converting YAML to JSON: /, '')} in File: ${path}`);
		return read.flatMap(({ value, repeats }) => {
			const list = typeof value.kind === 'string' && value.kind.endsWith('List') && Array.isArray(value.items);
			return (list ? (value.items as Draft[]) : [value as Draft]).map((object, item) => {
				const meta = `{{${text(object.apiVersion)} ${text(object.kind)}} {{${nameOf(object)} } map[] map[]}}`;
				if (text(object.kind) === '') return fail(`missing kind in object ${meta}`);
				if (nameOf(object) === '') return fail(`missing metadata.name in object ${meta}`);
				const again = repeats?.(list ? item : undefined) ?? [];
				return { ...makeResource(clone(object)), ...(again.length > 0 ? { repeats: again } : {}) };
			});
		});
	}

	/** A base or a component. */
	async #folder(path: string): Promise<Target> {
		if (/^(?:https?:\/\/|git@|github\.com\/)/.test(path)) return fail(`no git on path: the lab has no repositories`);
		const root = joined(this.root, path);
		for (const visited of [this.root, ...this.#from])
			if (`${visited}/`.startsWith(`${root}/`))
				return fail(`cycle detected: candidate root '${root}' contains visited root '${visited}'`);
		if (!(await this.#disk.list(root))) {
			const isFile = (await this.#disk.read(root)) !== undefined;
			return fail(isFile ? noDirectory(root, this.#options.minor) : noFolder(root, this.#options.minor));
		}
		try {
			return await Target.load(root, this.#disk, this.#options, [this.root, ...this.#from]);
		} catch (fault) {
			return within(`couldn't make target for path '${root}'`, fault);
		}
	}

	async #resources(resources: Resource[], vars: Vars): Promise<void> {
		for (const path of [...strings(this.kustomization.resources), ...strings(this.kustomization.bases)]) {
			let more: readonly Resource[];
			let isFile = true;
			let asFile = '';
			const declared: Vars = new Map();
			try {
				more = await this.#resourceFile(path);
			} catch (fault) {
				if (!(fault instanceof KustomizeError)) throw fault;
				asFile = `accumulating resources from '${path}': ${fault.message}`;
				if (fault.message.startsWith('MalformedYAMLError')) fail(asFile);
				isFile = false;
				try {
					const base = await this.#folder(path);
					if (base.kustomization.kind === 'Component') fail(`expected kind != 'Component' for path '${base.root}'`);
					try {
						more = await base.accumulate([], declared);
					} catch (inner) {
						more = within(`recursed accumulation of path '${base.root}'`, inner);
					}
				} catch (inner) {
					more = within(`accumulation err='${asFile}'`, inner);
				}
			}
			try {
				absorb(resources, more, isFile ? path : undefined);
				mergeVars(vars, declared);
			} catch (fault) {
				if (!isFile)
					within(`accumulation err='${asFile}': recursed merging from path '${joined(this.root, path)}'`, fault);
				within(
					`accumulation err='${(fault as Error).message}'`,
					new KustomizeError(`must build at directory: '${joined(this.root, path)}': file is not directory`),
				);
			}
		}
	}

	/** The objects of this kustomization; a component changes those it is given. */
	async accumulate(given: Resource[], vars: Vars): Promise<Resource[]> {
		const { kustomization } = this;
		const resources = given;
		try {
			await this.#resources(resources, vars);
		} catch (fault) {
			within('accumulating resources', fault);
		}
		const components = async (): Promise<void> => {
			for (const path of strings(kustomization.components))
				try {
					const part = await this.#folder(path).catch((fault: unknown) => {
						if (fault instanceof KustomizeError) fail(`loader.New ${JSON.stringify(fault.message)}`);
						throw fault;
					});
					if (part.kustomization.kind !== 'Component')
						fail(
							`accumulating components: accumulateDirectory: "expected kind 'Component' for path '${part.root}' but got '${text(part.kustomization.kind) || 'Kustomization'}'"`,
						);
					await part.accumulate(resources, vars);
				} catch (fault) {
					if (fault instanceof KustomizeError && fault.message.startsWith('accumulating components')) throw fault;
					within('accumulating components', fault);
				}
		};
		const generators = async (): Promise<void> => {
			const common = isRecord(kustomization.generatorOptions) ? kustomization.generatorOptions : {};
			for (const [field, kind] of [
				['configMapGenerator', 'ConfigMap'],
				['secretGenerator', 'Secret'],
			] as const)
				for (const args of records(kustomization[field]))
					takeGenerated(resources, await generate(kind, args, common, this.bytes), this.#options.address);
		};
		// The fifth kustomize lets components see what is generated (pull request 5170).
		if (this.#options.minor >= 29) {
			await generators();
			await components();
		} else {
			await components();
			await generators();
		}
		await transform(resources, kustomization, this.file, this.#options.minor);
		declare(vars, resources, kustomization.vars);
		return resources;
	}
}
