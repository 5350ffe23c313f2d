/** A terminal on a new cluster of three nodes with Cilium of a release, and two pods of a web server behind a service. */
import { type Terminal, terminal } from '../terminal.ts';

const KIND = `kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
networking:
  disableDefaultCNI: true
  kubeProxyMode: none
nodes:
- role: control-plane
- role: worker
- role: worker
`;

/** `values` are `--set` of helm's. */
export async function recent(version: string, values = 'kubeProxyReplacement=true'): Promise<Terminal> {
	const t = await terminal('empty');
	await t.file('kind.yaml', KIND);
	await t.run(`kind create cluster --name t --config kind.yaml --image kindest/node:v1.30.0
helm repo add cilium https://helm.cilium.io/
helm install cilium cilium/cilium --version ${version} -n kube-system --set k8sServiceHost=t-control-plane --set k8sServicePort=6443 --set ${values}
sleep 120
kubectl create deployment web --image=nginx --replicas=2
kubectl expose deployment web --port=80
sleep 30`);
	return t;
}

/** The agent's tool in a node's agent, or in any. */
export const agentTool = (t: Terminal, command: string, pod = 'ds/cilium'): Promise<string> =>
	t.run(`kubectl -n kube-system exec ${pod} -c cilium-agent -- cilium ${command}`);
