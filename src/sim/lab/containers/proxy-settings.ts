/**
 * kube-proxy's configuration where somebody changed it: the lab's kube-proxy keeps the rules it keeps with kubeadm's, so
 * whoever asks for another mode or other settings is told that nothing comes of it.
 */
import { one, type Pod } from '../cluster/kinds.ts';
import type { ProgramContext } from '../software/program.ts';
import { SECOND } from '../time.ts';
import { containerState } from './states.ts';

/** Settings with the names of what they stand in: `iptables.minSyncPeriod: 1s`. */
function settings(text: string): readonly string[] {
	const above: { readonly indent: number; readonly name: string }[] = [];
	const found: string[] = [];
	for (const line of text.split('\n')) {
		const [, indent = '', name, value = ''] = /^( *)([\w.-]+):\s*(.*?)\s*$/.exec(line) ?? [];
		if (name === undefined) continue;
		while (above.length > 0 && above.at(-1)!.indent >= indent.length) above.pop();
		above.push({ indent: indent.length, name });
		const plain = value.replace(/^(["'])(.*)\1$/, '$2').replace(/^(?:null|~)$/, '');
		if (plain !== '' && !/^(?:apiVersion|kind)$/.test(name))
			found.push(`${above.map((part) => part.name).join('.')}: ${plain}`);
	}
	return found;
}

/** What is as it is when nobody sets it, or belongs to no rule: cmd/kube-proxy/app and pkg/proxy/apis/config/v1alpha1/defaults.go @ v1.24.0. */
const NO_MATTER =
	/^(?:mode: (?:iptables)?|.*: (?:0|0s|false|\{\}|\[\])|bindAddress: .*|clientConnection\..*|healthzBindAddress: .*|metricsBindAddress: .*|hostnameOverride: .*|logging\..*|conntrack\..*)$/;

/** Says in its log, and by an event about its pod, which settings make no difference. `written` is what kubeadm gives it. */
export function tellUnheeded(context: ProgramContext, written: string): void {
	const { cluster, machine, pod, container, id, argv } = context;
	const path = argv.findLast((word) => word.startsWith('--config='))?.slice('--config='.length);
	const text = path === undefined ? undefined : containerState(cluster, machine, pod, container, id).disk.read(path);
	if (text === undefined) return;
	const known = settings(written);
	const asked = settings(text).filter((setting) => !NO_MATTER.test(setting) && !known.includes(setting));
	if (asked.length === 0) return;
	const unheeded = `The kube-proxy of this lab keeps its rules by iptables, as kubeadm sets it up: ${asked.join(', ')} ${asked.length === 1 ? 'makes' : 'make'} no difference here`;
	context.log(unheeded);
	context.after(2 * SECOND, () => {
		const { namespace, name } = pod.metadata;
		const source = { component: 'kubelet', host: machine.name };
		const own = one<Pod>(cluster.api, 'pods', namespace, name);
		if (own) cluster.record.record(source, own, 'Normal', 'NotInLab', unheeded);
	});
}
