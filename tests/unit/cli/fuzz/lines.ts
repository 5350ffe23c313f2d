/** Lines as nobody should type them: true ones, mixed ones, broken ones, and noise. The same seed gives the same lines. */

import { LATER_LINES, oddShape, PROGRAMS } from './odd.ts';

/** Numbers from 0 below 1, drawn from a seed (mulberry32). */
export function draws(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);
const lines = (text: string): readonly string[] =>
	text
		.trim()
		.split('\n')
		.map((line) => line.trim());

/** What people do type, one of each shape. */
const TRUE_LINES = lines(`
	kind get clusters
	kind get nodes --name basic
	kind get kubeconfig --name basic
	kind version
	kind load docker-image busybox:1.36.1 --name basic
	kind create cluster --config=kind-config.yaml
	kind create cluster --name two
	kind delete cluster --name two
	kubectl get nodes -owide
	kubectl get po -A -o wide
	kubectl get pods -A --sort-by=.metadata.name
	kubectl get pods -A -o jsonpath='{range .items[*]}{.metadata.name}{"\\t"}{.status.podIP}{"\\n"}{end}'
	kubectl get nodes -o custom-columns=NAME:.metadata.name,IP:.status.addresses[0].address
	kubectl get all -A
	kubectl get svc svc-echoserver -o yaml
	kubectl get cm -n kube-system cilium-config -o json
	kubectl describe node basic-worker
	kubectl describe svc svc-echoserver
	kubectl describe pod -n kube-system -l k8s-app=cilium
	kubectl patch svc svc-echoserver -p '{"spec":{"externalTrafficPolicy":"Local"}}'
	kubectl patch svc svc-echoserver --type=json -p '[{"op":"replace","path":"/spec/type","value":"ClusterIP"}]'
	kubectl scale deploy deploy-echoserver --replicas=3
	kubectl delete pod --all
	kubectl delete ds kube-proxy -n kube-system
	kubectl rollout restart daemonset cilium -n kube-system
	kubectl rollout status ds/cilium -n kube-system
	kubectl rollout undo deploy/deploy-echoserver
	kubectl logs -n kube-system ds/cilium --tail 5
	kubectl exec deploy/deploy-echoserver -- ip a
	kubectl exec -n kube-system ds/cilium -- cilium status --verbose
	kubectl exec -n kube-system ds/cilium -c cilium-agent -- cilium bpf lb list
	kubectl exec -n kube-system ds/cilium -- cilium endpoint list
	kubectl exec -n kube-system ds/cilium -- cilium monitor
	kubectl label node basic-worker a=b --overwrite
	kubectl annotate pod --all a=b
	kubectl taint nodes basic-worker a=b:NoSchedule
	kubectl cordon basic-worker2
	kubectl drain basic-worker3 --ignore-daemonsets --delete-emptydir-data
	kubectl uncordon basic-worker2
	kubectl run tmp --rm -it --image=busybox -- sh
	kubectl create deployment web --image=nginx --replicas=2
	kubectl expose deploy web --port=80 --type=NodePort
	kubectl create ns x
	kubectl apply -f webdemo.yaml
	kubectl delete -f webdemo.yaml
	kubectl set image deploy/deploy-echoserver echoserver=nope:1
	kubectl get events -A --sort-by=.lastTimestamp
	kubectl explain pod.spec.containers
	kubectl api-resources -o wide
	kubectl auth can-i delete pods
	kubectl config get-contexts
	kubectl config use-context kind-basic
	kubectl wait --for=condition=Ready nodes --all --timeout=5s
	kubectl get pods -w
	kubectl cluster-info
	kubectl debug node/basic-worker -it --image=busybox
	kubectl top nodes
	kubectl version -o yaml
	helm install cilium cilium --namespace kube-system --repo https://helm.cilium.io --version 1.12.1 --values noebpf-values.yaml
	helm upgrade cilium cilium/cilium -n kube-system --reuse-values --set bpf.masquerade=true
	helm upgrade --install cilium cilium --repo https://helm.cilium.io -n kube-system --set tunnel=disabled --version 1.13.4
	helm repo add cilium https://helm.cilium.io
	helm repo update
	helm list -A
	helm get values cilium -n kube-system -a
	helm get manifest cilium -n kube-system
	helm history cilium -n kube-system
	helm rollback cilium 1 -n kube-system
	helm template cilium cilium --repo https://helm.cilium.io --version 1.12.1
	helm search repo cilium -l
	helm show values cilium --repo https://helm.cilium.io --version 1.14.0
	helm uninstall cilium -n kube-system
	cilium status --wait
	cilium config view
	cilium config set debug true
	cilium version
	cilium install --version 1.12.1
	docker ps -a --format "table {{.Names}}\\t{{.Status}}"
	docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' basic-worker
	docker network inspect kind
	docker exec basic-worker iptables-save
	docker exec basic-worker iptables -t nat -L KUBE-SERVICES -n -v --line-numbers
	docker exec basic-worker ip route get 10.244.1.199
	docker exec basic-worker ip -d -s link show
	docker exec basic-worker ip -j a
	docker exec basic-worker conntrack -L -p tcp
	docker exec basic-worker ss -tanp
	docker exec basic-worker tc filter show dev eth0 ingress
	docker exec basic-worker sysctl net.ipv4.ip_forward
	docker exec basic-worker ping -c 2 10.244.1.199
	docker exec basic-worker tcpdump -ni eth0 -c 3 tcp port 8080 and not host 10.0.0.1
	docker exec basic-worker crictl ps
	docker stop basic-worker2
	docker start basic-worker2
	docker cp webdemo.yaml basic-worker:/tmp/x
	curl -s 172.18.0.3:32017
	curl -v --max-time 2 http://172.18.0.2:32017/
	curl -w '%{remote_ip} %{http_code}' -o /dev/null -s 172.18.0.4:32017
	ping -c 3 172.18.0.3
	nc -zv 172.18.0.3 32017
	dig +short svc-echoserver.default.svc.cluster.local @10.96.0.10
	traceroute -n 172.18.0.3
	for i in {2..5}; do curl -s 172.18.0.$i:32017 | grep "Requesting" ; done
	for n in $(kubectl get nodes -o name); do echo $n; done
	kubectl get po -A -o wide | awk '{print $2, $8}' | sort | uniq -c
	kubectl get nodes -o json | jq -r '.items[].metadata.name'
	kubectl get po -A -o yaml | yq '.items[0].spec'
	kubectl get ns | tail -n +2 | while read a b; do echo "$b $a"; done
	watch -n 1 kubectl get pods
	cat <<E > a.yaml
	history | tail -3
	date +%s
	x=$((1 + 2 * 3)); echo $x
`);

const FLAGS =
	words(`-A -n default -n kube-system --namespace= -o wide -o yaml -o json -o name -o jsonpath={.items[*].metadata.name}
	-o jsonpath={..x -o custom-columns=A:.b,C -o go-template={{.kind}} --output=table -w --watch-only -l app=echoserver -l 'a in (b,c)' -l !
	--selector= --field-selector=metadata.name=x --field-selector spec.nodeName= --show-labels --no-headers --sort-by=.x --sort-by={.a[ --all
	--force --grace-period=0 --dry-run=client --dry-run=server -f - -f webdemo.yaml -f /nope --filename= -R -k . -h --help --version 1.12.1
	--version= --set a=b --set a.b[0]=1 --set =, --set-string x=1 --values noebpf-values.yaml --values - --repo https://helm.cilium.io
	--repo=http:// --wait --timeout 2s --timeout=x --replicas=-1 --replicas=99999999999 --image= -it -ti -c cilium-agent -c x --tail=0
	--tail=-5 --since=1h --previous -p {} -p '{"a":' --type=json --type=merge --type=x --v=9 -v -vv -s -q -d -j -4 -6 -br -t nat -t x -L -S -n
	--line-numbers -x -Z --no-such-flag --no-such=1 --context=kind-basic --context x --kubeconfig=/nope -- - -e -i eth0 -i any -c 2 -c -1
	-c 1e9 -I eth0 --max-time 1 -X POST -H a:b -d @- -o /dev/null -w %{http_code} -k -L --name basic --name= --config=- --config kind-config.yaml
	--format {{.Names}} --format={{json --filter name=x --reuse-values --atomic --install --recursive --raw /api/v1/nodes --raw /
	--subresource=status --overwrite --field-manager=x --server-side --verbose --brief -oyaml -owide -nkube-system -o`);

const NOUNS =
	words(`pods po pod svc services deploy deployments ds sts rs nodes no node ns ep endpointslices cm secrets crd events ev lease sa
	ciliumnodes cn cep cnp ccnp ciliumid all jobs cronjobs ing netpol pv pvc sc roles clusterrolebindings pods/x deploy/deploy-echoserver
	svc/svc-echoserver node/basic-worker ds/cilium cm/cilium-config pods,svc pods.v1. deployments.apps deployments.v1.apps x y.z
	basic basic-worker basic-worker2 basic-control-plane kube-system default cilium echoserver deploy-echoserver svc-echoserver kubernetes
	10.244.1.199 172.18.0.3 172.18.0.0/16 10.96.0.1:443 0.0.0.0 255.255.255.255 ::1 fe80::1 1.1 http://10.96.0.1 https://x:99999/ eth0 lo
	cilium_host cilium_net lxc0 any 32017 0 -1 65536 4294967296 1e400 tcp udp icmp 80 443 default via dev lookup main table show list get add
	del replace help config status bpf lb ct nat ipcache tunnel policy endpoint identity service map node monitor metrics global flush
	KUBE-SERVICES POSTROUTING ingress egress prog net tree host port and or not ( ) src dst create delete apply edit describe view set`);

const TOOLS =
	words(`kubectl k helm kind docker cilium cilium-dbg curl wget ping ip iptables iptables-save iptables-restore ip6tables ss tc
	conntrack sysctl tcpdump bridge route arp ifconfig netstat nc dig nslookup traceroute bpftool crictl hubble jq yq grep egrep sed awk sort
	uniq wc head tail cut tr xargs watch find ls cat echo printf date sleep history clear diff tee seq which type test [ env export unset
	alias set source . bash sh exit true false help man apt-get uname hostname ps kill jobs fg time nsenter mount`);

const LATER_TOOLS = words(
	`kubeadm etcdctl openssl kustomize hubble-relay ctr python3 nft bpftrace strace socat iperf3 getent ethtool journalctl systemctl ps top free df mtr tshark arping psql redis-cli nginx vi nano tar gzip split nl fold paste join comm xxd dd shuf expr bc mapfile read trap wait eval exec printenv getopts let declare local readonly shopt compgen complete bind ulimit umask nohup disown stat touch mkdir mv rm cp ln chmod chown`,
);

const NOISE = [
	'<img src=x onerror=alert(1)>', '<script>1</script>', '"><b>', '&lt;', '&amp;', "'", '"', '`', '$(', ')', '((', '{', '}', '{{', '}}', '[[',
	'|', '||', '&&', '&', ';', ';;', '>', '>>', '<', '<<', '<<<', '2>&1', '>&2', '#', '!', '!!', '~', '*', '?', '\\', '\\\\', '$', '$$', '$?',
	'$!', '$@', '${', '${x:-', '${#x}', '$((1/0))', '$((', '%s', '%d%', '%', '\u0000', '\u001b[31m', '\u001b]0;', '\u0007', '\r', '\t', ' ',
	'é', '日本語', '한국어', '😀', '\u202e', '\ud800', 'a'.repeat(300), '../../..', '/', '//', '/dev/null', '/proc/self', '/etc/passwd', '-', '--',
	'---', '=', '==', ',', ':', '{a..z}', '{1..5}', '{1..}', '{,}', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '[0]', '..', '$IFS',
	'@', '^', '^a^b', '()', '(', 'do', 'done', 'for', 'if', 'fi', 'then', 'while', 'case', 'esac', 'function', 'in',
]; // biome-ignore format: a table of words

const FILTERS = lines(`
	grep -c a
	grep -A1 -B1 b
	egrep -i "(a|b"
	awk '{print $NF}'
	awk 'NR>1{a[$1]++}END{for(k in a)print k,a[k]}'
	awk '{
	sed -n 1,3p
	sed 's/a/<b>/g'
	sed 's/['
	sort -k2 -n -r
	uniq -c
	head -2
	tail -n +2
	wc -l
	cut -d: -f1
	tr a-z A-Z
	jq .
	jq '.items[]|.x.y'
	jq '.['
	yq .spec
	xargs -n1 echo
	xargs kubectl get
	tee x
	cat -n
	column -t
	while read a; do echo "$a"; done
	kubectl apply -f -
	sh
	bash -s
	docker exec -i basic-worker sh
	tac
	base64
	base64 -d
	rev
	od -c
`);

const PLACES = [
	'docker exec basic-worker ',
	'docker exec -it basic-control-plane ',
	'kubectl exec deploy/deploy-echoserver -- ',
	'kubectl -n kube-system exec ds/cilium -- ',
	'kubectl -n kube-system exec -it ds/cilium -c cilium-agent -- ',
	'kubectl node-shell basic-worker2 -- ',
];

/** Words that the Tab key offers behind a line. */
export type Offers = (line: string) => Promise<readonly string[]>;

/** @param odd also draws what `odd.ts` has */
export function fuzzedLines(seed: number, offers: Offers, odd = false): () => Promise<string> {
	const random = draws(seed);
	const below = (n: number): number => Math.floor(random() * n);
	const one = <T>(all: readonly T[]): T => all[below(all.length)]!;
	const often = (chance: number): boolean => random() < chance;

	const known = (): readonly string[] => (odd && often(0.5) ? LATER_LINES : TRUE_LINES);
	const filter = (): string => one(odd && often(0.5) ? PROGRAMS : FILTERS);

	async function word(before: readonly string[]): Promise<string> {
		const r = random();
		if (r < 0.4) {
			const offered = await offers(`${before.join(' ')} `);
			if (offered.length > 0) return one(offered);
		}
		if (r < 0.7) return one(FLAGS);
		if (r < 0.93) return one(NOUNS);
		return one(NOISE);
	}

	async function mixed(): Promise<string> {
		const all = [often(0.5) ? one(TOOLS.slice(0, 32)) : one(odd && often(0.5) ? LATER_TOOLS : TOOLS)];
		for (let n = below(7); n > 0; n--) all.push(await word(all));
		return all.join(' ');
	}

	/** A true line with words lost, doubled, exchanged or foreign. */
	async function bent(): Promise<string> {
		const all = one(known()).split(' ');
		for (let n = 1 + below(3); n > 0; n--) {
			const at = below(all.length + 1);
			const r = random();
			if (r < 0.25) all.splice(at, 1);
			else if (r < 0.5) all.splice(at, 0, await word(all.slice(0, at)));
			else if (r < 0.7) all[Math.max(0, at - 1)] = await word(all.slice(0, at));
			else if (r < 0.8) all.splice(at, 0, all[below(all.length)] ?? '');
			else {
				const text = all[Math.max(0, at - 1)] ?? '';
				const cut = below(text.length + 1);
				all[Math.max(0, at - 1)] = text.slice(0, cut) + (often(0.5) ? one(NOISE) : '') + text.slice(cut + 1);
			}
		}
		return all.join(' ');
	}

	async function simple(): Promise<string> {
		const r = random();
		const line = r < 0.2 ? one(known()) : r < 0.55 ? await bent() : await mixed();
		return often(0.15) && !line.startsWith('docker exec') ? one(PLACES) + line : line;
	}

	function noise(): string {
		let line = '';
		for (let n = 1 + below(9); n > 0; n--) line += (often(0.6) ? ' ' : '') + (often(0.5) ? one(NOISE) : one(TOOLS));
		return line;
	}

	return async function next() {
		const r = random();
		if (r < 0.05) return noise();
		if (odd && r < 0.25) return oddShape(await simple(), await simple(), one, below);
		if (r < 0.6) return simple();
		if (r < 0.8) return `${await simple()} | ${filter()}${often(0.2) ? ` | ${filter()}` : ''}`;
		if (r < 0.84) return `${await simple()} ${one(['&&', '||', ';', '&', '|&'])} ${await simple()}`;
		if (r < 0.87) return `for i in ${one(NOUNS)} ${one(NOISE)} {1..3}; do ${await simple()} $i; done`;
		if (r < 0.9) return `echo "$(${await simple()})" \`${await simple()}\``;
		if (r < 0.93)
			return `${await simple()} ${one(['>', '>>', '2>', '<', '2>&1 >', '&>'])} ${one([...NOUNS, 'webdemo.yaml'])}`;
		if (r < 0.96) return `cat <<E | ${await simple()}\n${await simple()}\na: [${one(NOISE)}\n\tb: <i>\nE`;
		if (r < 0.98)
			return `cat webdemo.yaml | sed 's/${one(['Pod', 'Service', '8080', 'name', 'spec', 'image', ':'])}/${one([...NOUNS, 'null', '[]', '-1', '<b>'])}/g' | kubectl ${one(['apply', 'create', 'delete', 'replace', 'diff'])} -f -`;
		return `(${await simple()}) ${one(NOISE)}`;
	};
}
