/** What every command of kubectl begins with: flags all commands share, the server, its refusals in kubectl's words. */
import { type Action, type ApiServer, type ApiStatus, asManager, type Identity } from '../../sim/api/index.ts';
import type { Cluster } from '../../sim/lab/index.ts';
import { parseDuration, type Run } from '../cobra/index.ts';
import { demand } from '../kube/as-user.ts';
import { type Who, whoSpeaks } from '../kube/identity.ts';
import { connectKube, kubeconfigPath, NO_CONTEXT, type NoClient } from '../kube/index.ts';
import { klog } from '../kube/klog.ts';
import { waited } from '../kube/waited.ts';
import { recording } from './record.ts';
import { kubectlMinor } from './releases.ts';
import { asRun, impersonated, impersonation } from './requests.ts';
import type { Teller } from './told.ts';

/** A run of kubectl with a server behind it. */
export interface Kube {
	readonly run: Run;
	readonly api: ApiServer;
	readonly cluster: Cluster;
	/** Namespace of the flag, else of the context, else `default`. */
	readonly namespace: string;
	/** Whether `-n` was given. */
	readonly explicitNamespace: boolean;
	/** Whom the run speaks as. */
	readonly who: Identity;
	/** Throws the server's refusal where he may not do something: what stands behind no verb of `api`. */
	demand(action: Action): void;
	/** Waits as long as the server took for its answers so far. */
	rest(): Promise<void>;
	/** Who is told of requests and answers, with `-v=4` and more. */
	readonly told?: Teller;
}

/**
 * What a command throws to end with a message on stderr and a code; the text is complete, `error: ` or
 * `Error from server …: ` included, without its line end.
 */
export class KubectlError extends Error {
	readonly code: number;
	/** What the server said, where these are its words. */
	readonly status: ApiStatus | undefined;
	constructor(message: string, code = 1, status?: ApiStatus) {
		super(message);
		this.code = code;
		this.status = status;
	}
}

/** `error: <text>`. */
export const fail = (text: string, code = 1): never => {
	throw new KubectlError(`error: ${text}`, code);
};

/** A usage error: `error: <text>\nSee 'kubectl get -h' for help and examples`. */
export const usageError = (run: Run, text: string): never => {
	throw new KubectlError(`error: ${text}\nSee '${run.path} -h' for help and examples`);
};

/** Commands that ask for their namespace before anything else: what is wrong with the configuration is told in other words. */
const NAMESPACE_FIRST =
	/^kubectl (?:(?:alpha )?events|apply (?:edit|view)-last-applied|attach|auth reconcile|cp|create token|debug|delete|describe|edit|exec|get|logs|patch|port-forward|rollout (?:history|pause|restart|resume|status)|taint|top pod)$/;

/** Source: k8s.io/kubectl pkg/cmd/util/helpers.go StandardErrorMessage @ v0.24.0. */
function noServer(no: NoClient, run: Run): string {
	if (no.why === 'no-context' && NAMESPACE_FIRST.test(run.path))
		return `Error in configuration: ${NO_CONTEXT}${no.context}`;
	if (no.why === 'bad-config' && no.message.startsWith(NO_CONTEXT)) return `Error in configuration: ${no.message}`;
	if (no.why === 'bad-config' && NAMESPACE_FIRST.test(run.path)) {
		const cluster = /^cluster (".*") does not exist$/.exec(no.message)?.[1];
		if (cluster !== undefined) return `error: no server found for cluster ${cluster}`;
	}
	if (no.why === 'no-context') return `error: context "${no.context}" does not exist`;
	if (no.why === 'bad-config') return `error: ${no.message}`;
	if (no.why === 'failed') return `Unable to connect to the server: ${no.message}`;
	return `The connection to the server ${no.server} was refused - did you specify the right host or port?`;
}

/** The words for a refusal of the server: `Error from server (NotFound): …`, or `The Service "x" is invalid: …`. */
export function statusText(status: ApiStatus): string {
	if (status.reason === 'Invalid') {
		// A policy that denies says so in the words of what is forbidden.
		const kind = /^(\S+ "[^"]*") is (?:invalid|forbidden): ?/.exec(status.message);
		const causes = status.causes ?? [];
		// Without a kind and a name in its details: a patch that cannot be done.
		if (!kind) {
			const told = causes.filter(({ field }) => field !== '').map(({ field, message }) => `${field}: ${message}`);
			return `The request is invalid: ${told.join('\n') || status.message}`;
		}
		const head = `The ${kind[1]!.replace(/^([A-Za-z]+)\.\S+/, '$1')} is invalid`;
		if (causes.length === 0)
			return `${head}${status.message.slice(kind[0].length) ? `: ${status.message.slice(kind[0].length)}` : ''}`;
		return causes.length === 1
			? `${head}: ${causes[0]!.field}: ${causes[0]!.message}`
			: `${head}: \n${causes.map((cause) => `* ${cause.field}: ${cause.message}`).join('\n')}`;
	}
	return `Error from server${status.reason === '' ? '' : ` (${status.reason})`}: ${status.message}`;
}

export const refuse = (status: ApiStatus): never => {
	throw new KubectlError(statusText(status), 1, status);
};

/** Commands whose manager has their name; others write under the name of the program. */
const NAMED = new Set('annotate autoscale create edit expose label patch replace rollout run set taint'.split(' '));

/**
 * Under which name a command writes (`NewCmd…` of pkg/cmd @ v0.24.0, `--field-manager`; else the user agent's first part,
 * k8s.io/apiserver pkg/endpoints/handlers/create.go managerOrUserAgent).
 */
export function managerOf({ flags, path }: Run): string {
	const given = flags.text('field-manager');
	if (given) return given;
	const name = path.split(' ')[1] ?? '';
	if (name === 'apply') return flags.on('server-side') ? 'kubectl' : 'kubectl-client-side-apply';
	return NAMED.has(name) ? `kubectl-${name}` : 'kubectl';
}

const OWN_USER = /^kubectl (?:create (?:cluster)?rolebinding|set subject)$/;

/** Microseconds; a number alone is of seconds (client-go tools/clientcmd/config.go ParseTimeout() @ v0.24.0). */
export function timeoutOf(given: string): number {
	if (given === '') return 0;
	const time = /^\d+$/.test(given) ? Number(given) * 1e6 : parseDuration(given);
	return (
		time ??
		fail(
			'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
		)
	);
}

/** Finds the server, or throws kubectl's words for its absence. */
export async function kubeOf(run: Run): Promise<Kube> {
	const explicit = run.flags.text('namespace');
	const telling = run.flags.number('v') >= 4 ? await import('./told.ts') : undefined;
	telling?.loaded(run, kubeconfigPath(run.call, run.flags.text('kubeconfig')));
	const client = await connectKube(run.call, {
		kubeconfig: run.flags.text('kubeconfig'),
		context: run.flags.text('context'),
		namespace: explicit,
		server: run.flags.text('server'),
		cluster: run.flags.text('cluster'),
		// Subjects of bindings are named by a flag of the same name, which is not this one.
		user: OWN_USER.test(run.path) ? '' : run.flags.text('user'),
		withoutEtcd: true,
		insecure: run.flags.on('insecure-skip-tls-verify'),
		timeout: timeoutOf(run.flags.text('request-timeout')),
	});
	if ('why' in client) throw new KubectlError(noServer(client, run));
	// clientcmd/validation.go validateAuthInfo()
	if (run.flags.text('as') === '' && (run.flags.list('as-group').length > 0 || run.flags.text('as-uid') !== ''))
		return fail(`requesting uid, groups or user-extra for ${client.userName} without impersonating a user`);
	const own = identified(
		run,
		await whoSpeaks(run.call, client.cluster, client.user, {
			token: run.flags.text('token'),
			clientCertificate: run.flags.text('client-certificate'),
			username: run.flags.text('username'),
			password: run.flags.text('password'),
		}),
	);
	const teller = telling?.tellerOf(run, {
		server: client.server,
		api: client.api,
		manager: managerOf(run),
		user: client.user,
	});
	const forbid = (message: string): never => {
		const status = { code: 403, reason: 'Forbidden', message };
		teller?.refused(status);
		return refuse(status);
	};
	const other = impersonated(run);
	if (other) for (const action of impersonation(run)) demand(client.api, own, action, forbid);
	const who = other ?? own;
	let owed = 0;
	const server = waited(asManager(client.api, managerOf(run)), (took) => {
		owed += took;
	});
	const api = asRun(recording(run, server), {
		who,
		refuse: forbid,
		answer: (thrown) => (thrown instanceof KubectlError ? thrown.status : undefined),
		told(request) {
			teller?.heard(request);
			const fault = client.cluster.etcdFault;
			// Reviews are stored nowhere.
			if (!fault || /^auth(?:orization|entication)\.k8s\.io$/.test(request.group ?? '')) return;
			demand(client.api, who, request, forbid);
			owed += request.verb === 'create' ? fault.write : fault.read;
			const status = { code: 500, reason: '', message: fault.message };
			teller?.refused(status);
			refuse(status);
		},
	});
	return {
		run,
		who,
		demand(action) {
			teller?.heardOf(action);
			demand(client.api, who, action, forbid);
			teller?.streamed();
		},
		...(teller ? { told: teller } : {}),
		async rest() {
			const time = owed;
			owed = 0;
			if (time > 0) await run.call.sleep(time);
		},
		api: teller?.around(api) ?? api,
		cluster: client.cluster,
		namespace: client.namespace,
		explicitNamespace: explicit !== '',
	};
}

/** Who speaks, or kubectl's words for that nobody is let in (pkg/cmd/util/helpers.go @ v0.24.0). */
function identified(run: Run, found: Who): Identity {
	if ('who' in found) return found.who;
	if (found.why === 'bad') return fail(found.message);
	if (found.why === 'nobody') {
		// Without credentials kubectl asks for some, and nobody answers a command's question here.
		run.call.out('Please enter Username: ');
		return fail('EOF');
	}
	if (kubectlMinor(run.call.lab) < 26)
		throw new KubectlError('error: You must be logged in to the server (Unauthorized)');
	const said = 'the server has asked for the client to provide credentials';
	for (let i = 0; i < 5; i++) klog(run, 'E', 'memcache.go:265', `couldn't get current server API group list: ${said}`);
	throw new KubectlError(`error: You must be logged in to the server (${said})`);
}

/** A command's body, with its errors turned into what the tool prints. */
export const command =
	(body: (kube: Kube) => Promise<number | undefined>) =>
	async (run: Run): Promise<number> =>
		guarded(run, async () => {
			const kube = await kubeOf(run);
			try {
				return await body(kube);
			} catch (fault) {
				if (fault instanceof KubectlError && fault.status) kube.told?.object(fault.status);
				throw fault;
			} finally {
				await kube.rest();
			}
		});

/** The same for commands that need no server. */
export const local =
	(body: (run: Run) => Promise<number | undefined>) =>
	(run: Run): Promise<number> =>
		guarded(run, () => body(run));

/** Profiles that the Go runtime keeps (runtime/pprof), and that of the processor. */
const PROFILES = ['allocs', 'block', 'cpu', 'goroutine', 'heap', 'mutex', 'threadcreate'];

/** What is said of `--profile`, of kubectl itself (pkg/cmd/profiling.go initProfiling() @ v0.24.0). */
export const profileFault = (name: string): string =>
	PROFILES.includes(name)
		? `error: --profile=${name} is not simulated: the lab's kubectl has no Go runtime to take a profile of`
		: `error: unknown profile '${name}'`;

/** Before anything is done. In `debug` the flag is its own from 1.25 on. */
function checkProfile({ flags, path }: Run): void {
	const name = flags.text('profile');
	if (path !== 'kubectl debug' && name !== 'none' && name !== '') throw new KubectlError(profileFault(name));
}

async function guarded(run: Run, body: () => Promise<number | undefined>): Promise<number> {
	try {
		checkProfile(run);
		return (await body()) ?? 0;
	} catch (fault) {
		if (!(fault instanceof KubectlError)) throw fault;
		run.call.err(fault.message.endsWith('\n') ? fault.message : `${fault.message}\n`);
		return fault.code;
	}
}

const told = new WeakMap<object, Set<string>>();

/** Prints what the server warned of, each text once in a command (cli-runtime's WarningWriterOptions.Deduplicate). */
export const warn = (kube: Kube, warnings: readonly string[] | undefined): void => {
	const { call } = kube.run;
	const known = told.get(call) ?? new Set();
	told.set(call, known);
	for (const warning of warnings ?? []) if (!known.has(warning)) call.err(`Warning: ${warning}\n`);
	for (const warning of warnings ?? []) known.add(warning);
};
