/**
 * Editing objects as a file: open, read, try; what is wrong comes back as comments at its head, until it is right or
 * left as it was.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/util/editor/editoptions.go @ v0.24.0.
 */
import { type ApiInput, type ApiStatus, clientProblems, qualified, type Resource } from '../../../../sim/api/index.ts';
import { loadExpressionsOf, printYaml, readManifests } from '../../../kube/index.ts';
import { fail, type Kube, KubectlError } from '../../kube.ts';
import { goJson, isMap } from '../../print/index.ts';
import { minorOf, serverValidates, validationOf } from '../infos.ts';
import { editorOf } from './editor.ts';

const OBJECT = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

export const LAST_APPLIED_HEADER = `# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
`;

interface Reason {
	readonly head: string;
	readonly other: readonly string[];
}

/** What came of one round. */
export class Results {
	readonly reasons: Reason[] = [];
	retryable = false;
	lost = false;

	/** Notes what the server refused; answers the line that tells of it. */
	refused({ resource, name }: Edited, status: ApiStatus): string {
		const what = `${qualified(resource)} ${JSON.stringify(name)}`;
		if (status.reason === 'Invalid') {
			const other = (status.causes ?? []).map((cause) => `${cause.field}: ${cause.message}`);
			this.reasons.push({ head: `${what} was not valid`, other });
			return `error: ${what} is invalid\n`;
		}
		if (status.reason === 'NotFound') {
			this.lost = true;
			return `error: ${what} could not be found on the server\n`;
		}
		this.retryable = true;
		return `error: ${what} could not be patched: ${status.message}\n`;
	}
}

/** One object that is edited. */
export interface Edited {
	readonly resource: Resource;
	readonly name: string;
	readonly object: ApiInput;
}

export interface EditSession {
	readonly objects: readonly Edited[];
	readonly header?: string;
	/** Does what the edited objects ask for. What it throws ends the session, with the file kept. */
	act(objects: readonly ApiInput[], results: Results): Promise<void>;
}

/** A line break in a comment goes on as a comment. */
const hashed = (text: string): string => text.replace(/\n(?!#)(?=.)/gs, '\n# ');

const headText = (header: string, reasons: readonly Reason[]): string =>
	header +
	reasons
		.map(
			({ head, other }) =>
				`# ${hashed(head)}${other.length > 0 ? ':' : ''}\n${other.map((line) => `# * ${hashed(line)}\n`).join('')}#\n`,
		)
		.join('');

const stripped = (text: string): string =>
	text
		.split('\n')
		.filter((line) => !/^\s*#(?!!)/.test(line))
		.join('\n');

/** What a text means: how it is written is no change. Of one that cannot be read, what is no comment. */
function meaning(text: string): string {
	const read = readManifests(text);
	return 'error' in read
		? stripped(text)
		: goJson(
				read.map(({ value }) => value),
				0,
			);
}

const textOf = (objects: readonly Edited[], json: boolean): string => {
	const whole: unknown =
		objects.length === 1
			? objects[0]!.object
			: { apiVersion: 'v1', items: objects.map(({ object }) => object), kind: 'List', metadata: {} };
	return json ? `${goJson(whole)}\n` : printYaml(whole);
};

/** What kubectl's own check says of an edited file; undefined when nothing. */
function unfit(kube: Kube, objects: readonly ApiInput[]): string | undefined {
	if (validationOf(kube) === 'Ignore') return undefined;
	const problems = objects.flatMap((object) => {
		const missing = (['apiVersion', 'kind'] as const).filter((key) => typeof object[key] !== 'string' || !object[key]);
		if (missing.length > 0) return missing.map((key) => `${key} not set`);
		if (serverValidates(kube)) return [];
		const resource = kube.api.resources().find((item) => item.kind === object.kind && item.custom !== true);
		return resource ? clientProblems(resource, object, minorOf(kube)) : [];
	});
	return problems.length > 1 ? `[${problems.join(', ')}]` : problems[0];
}

/** An edited object may be in no other namespace than the line means (cli-runtime pkg/resource/visitor.go RequireNamespace()). */
function requireNamespace(kube: Kube, objects: readonly Edited[], { kind, metadata }: ApiInput): void {
	const asked = isMap(metadata) ? metadata.namespace : undefined;
	if (!objects.some(({ resource }) => resource.kind === kind && resource.namespaced)) return;
	if (typeof asked === 'string' && asked !== '' && asked !== kube.namespace)
		fail(
			`the namespace from the provided object ${JSON.stringify(asked)} does not match the namespace ${JSON.stringify(kube.namespace)}. You must pass '--namespace=${asked}' to perform this operation.`,
		);
}

/** A name in /tmp that no file has (os.CreateTemp). */
async function freshName(kube: Kube, ending: string): Promise<string> {
	const { call } = kube.run;
	for (let i = 0; ; i++) {
		const path = `/tmp/kubectl-edit-${call.lab.random('kubectl', `edit ${call.lab.now} ${i}`, 4_000_000_000)}.${ending}`;
		if ((await call.files.read(path)) === undefined) return path;
	}
}

/** Rounds after which an editor is no person: kubectl itself would go on for ever. */
const MAX_ROUNDS = 20;

/** The whole of it; the exit code. */
export async function editSession(kube: Kube, session: EditSession): Promise<number> {
	const { call, flags } = kube.run;
	const { objects, header = OBJECT, act } = session;
	const editor = editorOf(kube);
	const json = flags.text('output') === 'json';
	const original = textOf(objects, json);
	let path = '';
	const forget = (): Promise<number> => call.runAt(call.place, ['rm', '-f', path]);
	const kept = (file: string): void => {
		if (file !== '') call.err(`A copy of your changes has been stored to ${JSON.stringify(file)}\n`);
	};
	const keep = (text: string): never => {
		kept(path);
		return fail(text);
	};
	let body = original;
	let reasons: readonly Reason[] = [];
	for (let round = 0; ; round++) {
		call.check();
		if (round === MAX_ROUNDS)
			return keep(`the simulator opens an editor no more than ${MAX_ROUNDS} times for files that are refused`);
		const before = path;
		path = await freshName(kube, json ? 'json' : 'yaml');
		// JSON has no comments.
		await call.files.write(path, (json ? '' : headText(header, reasons)) + body);
		let edited: string;
		try {
			edited = await editor(path);
		} catch (thrown) {
			if (thrown instanceof KubectlError) kept(before);
			throw thrown;
		}
		if (round > 0 && meaning(edited) === meaning(body)) return keep('Edit cancelled, no valid changes were saved.');
		if (before !== '') await call.runAt(call.place, ['rm', '-f', before]);
		body = stripped(edited);
		await loadExpressionsOf(body);
		const empty = body.trim() === '';
		const read = empty ? [] : readManifests(body);
		const list =
			'error' in read
				? []
				: read.flatMap(({ value }) =>
						Array.isArray(value.items) && String(value.kind).endsWith('List') ? (value.items as ApiInput[]) : [value],
					);
		const fault = 'error' in read ? read.error : unfit(kube, list);
		if (fault !== undefined) {
			const results = new Results();
			call.err(
				results.refused(objects[0]!, {
					code: 422,
					reason: 'Invalid',
					message: '',
					causes: [{ field: '<nil>', message: `Invalid value: "The edited file failed validation": ${fault}` }],
				}),
			);
			reasons = results.reasons;
			continue;
		}
		if (empty || meaning(original) === meaning(body)) {
			await forget();
			call.err(empty ? 'Edit cancelled, saved file was empty.\n' : 'Edit cancelled, no changes made.\n');
			return 0;
		}
		const results = new Results();
		try {
			for (const object of list) requireNamespace(kube, objects, object);
			await act(list, results);
		} catch (thrown) {
			if (!(thrown instanceof KubectlError)) throw thrown;
			kept(path);
			throw thrown;
		}
		if (results.retryable) {
			call.err(`You can run \`kubectl replace -f ${path}\` to try this update again.\n`);
			return 1;
		}
		if (results.lost) {
			call.err(`The edits you made on deleted resources have been saved to ${JSON.stringify(path)}\n`);
			return 1;
		}
		if (results.reasons.length === 0) {
			await forget();
			return 0;
		}
		reasons = results.reasons;
	}
}
