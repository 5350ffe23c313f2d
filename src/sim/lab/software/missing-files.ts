/**
 * Files that a command line names and the container has not: what a program says as it ends of that.
 *
 * Source: kubernetes cmd/kube-scheduler/app/options, cmd/kube-controller-manager/app/options, cmd/kube-proxy/app/server.go,
 * staging/src/k8s.io/apiserver/pkg/server/options/{authentication,authorization,serving}.go @ v1.24.0 (component-base
 * cli/run.go prints what they answer); etcd server/etcdmain/etcd.go @ v3.5.3.
 */
import { peoplesContainers } from '../containers/later.ts';
import type { ProgramContext } from './program.ts';

type Said = (open: string, stat: string) => string;

const opened: Said = (open) => open;
/** clientcmd looks whether it is there before it reads it. */
const looked: Said = (_, stat) => stat;

const delegated: Readonly<Record<string, Said>> = {
	// getClient() and who calls it say the same.
	'authentication-kubeconfig': (_, stat) => `${'failed to get delegated authentication kubeconfig: '.repeat(2)}${stat}`,
	'authorization-kubeconfig': (_, stat) => `failed to get delegated authorization kubeconfig: ${stat}`,
	kubeconfig: looked,
};

/** By program and flag, in the order they are looked at. */
const FILES: Readonly<Record<string, Readonly<Record<string, Said>>>> = {
	'kube-scheduler': { config: opened, ...delegated },
	'kube-controller-manager': { kubeconfig: looked, ...delegated },
	'kube-apiserver': { 'tls-cert-file': opened, 'tls-private-key-file': opened, 'client-ca-file': opened },
	'kube-proxy': { config: (open) => `failed complete: ${open}` },
	etcd: {
		'peer-cert-file': opened,
		'peer-key-file': opened,
		'peer-trusted-ca-file': opened,
		'cert-file': opened,
		'key-file': opened,
		'trusted-ca-file': opened,
	},
};

/** clientcmd's words of an empty kubeconfig, which a hostPath volume of type FileOrCreate makes. */
const EMPTY =
	'invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable';

/** What the program ends with; undefined when it finds everything. `written` is its command line as kubeadm has it. */
export function missingFile(name: string, context: ProgramContext, written: readonly string[]): string | undefined {
	const containers = peoplesContainers();
	if (!containers) return undefined;
	const { cluster, machine, pod, container, id, argv } = context;
	for (const [flag, said] of Object.entries(FILES[name] ?? {})) {
		const word = argv.findLast((other) => other.startsWith(`--${flag}=`));
		const path = word?.slice(flag.length + 3);
		if (!path) continue;
		const { disk } = containers.containerState(cluster, machine, pod, container, id);
		if (disk.stat(path)) {
			// What kubeadm wrote is made when somebody reads it.
			if (!written.includes(word!) && flag.endsWith('kubeconfig') && disk.read(path)?.trim() === '')
				return said(EMPTY, EMPTY);
			continue;
		}
		const why = `${path}: no such file or directory`;
		return said(`open ${why}`, `stat ${why}`);
	}
	return undefined;
}
