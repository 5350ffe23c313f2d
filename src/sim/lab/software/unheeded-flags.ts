/**
 * Flags of the control plane's programs that somebody added, changed or took away, and other versions of their images. The
 * lab's API server, controllers and scheduler act as kubeadm starts them, in the version that kind made the cluster of, so
 * whoever changes a command line or an image is told that nothing comes of it.
 */
import { minorOf } from '../../kube/index.ts';
import { formatIp, formatPrefix } from '../../wire/index.ts';
import {
	apiServerCommand,
	controllerManagerCommand,
	etcdCommand,
	schedulerCommand,
} from '../bootstrap/control-plane-flags.ts';
import type { ClusterContext } from '../cluster/context.ts';
import type { Machine } from '../cluster/machine.ts';

/**
 * What is logged and how, where one listens or is found, which follows the machine's address, and what etcd reads before
 * it has data.
 */
const NO_MATTER =
	/^(?:v|vmodule|profiling|contention-profiling|logtostderr|alsologtostderr|stderrthreshold|log-.*|logging-format|bind-address|advertise-address|etcd-servers|listen-.*|initial-(?:advertise-peer-urls|cluster|cluster-state)|logger)$/;

const flagOf = (word: string): string => /^--([^=]+)/.exec(word)?.[1] ?? '';

/** What kubeadm writes for a program; undefined of others. */
function writtenFor(name: string, cluster: ClusterContext, machine: Machine): readonly string[] | undefined {
	const { config } = cluster;
	const plane = {
		node: machine.name,
		ip: machine.ip === undefined ? '' : formatIp(machine.ip),
		cluster: cluster.name,
		podSubnet: formatPrefix(config.podSubnet),
		serviceSubnet: formatPrefix(config.serviceSubnet),
	};
	if (name === 'etcd') return etcdCommand(plane, minorOf(cluster.api.version));
	if (name === 'kube-apiserver') return apiServerCommand(plane);
	if (name === 'kube-controller-manager') return controllerManagerCommand(plane);
	return name === 'kube-scheduler' ? schedulerCommand() : undefined;
}

/** A sentence about the version and the flags that make no difference; undefined when there are none. */
export function unheededFlags(
	name: string,
	image: string,
	argv: readonly string[],
	cluster: ClusterContext,
	machine: Machine,
): string | undefined {
	const written = writtenFor(name, cluster, machine);
	if (!written) return undefined;
	const matters = (word: string): boolean => flagOf(word) !== '' && !NO_MATTER.test(flagOf(word));
	const given = argv.slice(1).filter((word) => matters(word) && !written.includes(word));
	const missing = written
		.slice(1)
		.filter((word) => matters(word) && !argv.some((other) => flagOf(other) === flagOf(word)))
		.map((word) => `the lack of --${flagOf(word)}`);
	const all = [...given, ...missing];
	const { version } = cluster.api;
	const [, tag] = /:(v1\.\d+\.\d+)/.exec(image) ?? [];
	if (tag !== undefined && tag !== version && name !== 'etcd')
		return `The ${name} of this lab is ${version} as kind made it, also with an image of ${tag}`;
	if (all.length === 0) return undefined;
	return `The ${name} of this lab acts as kubeadm starts it: ${all.join(', ')} ${all.length === 1 ? 'makes' : 'make'} no difference here`;
}
