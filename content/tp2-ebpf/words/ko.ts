import type { ExerciseWords } from '../../../src/exercises/index.ts';
import type { ExerciseId } from './index.ts';

export const ko: Record<ExerciseId, ExerciseWords> = {
	'address-snat': {
		title: 'SNAT 모드에서 파드가 보는 것',
		question:
			'kube-proxy는 없고, Cilium은 snat 모드, 정책은 Cluster입니다. 파드는 {pod}({podAddress}) 노드에서 실행되고, 여러분이 두드리는 노드는 {entry}({entryAddress})입니다. 파드가 보는 출발지 주소는 무엇일까요?',
		right: '답은 {answer}입니다. 여러분이 두드린 문에 파드가 있는지가 결정합니다.',
		wrong: '패킷이 지나는 길 어디에서도 그 주소는 출발지가 아닙니다. 문에서 파드까지 라벨을 읽어 보세요.',
		hint: '반복문의 네 줄을 파드가 있던 노드와 비교해 보세요. 어느 줄이 남달랐습니까?',
		misconceptions: {
			'always-kept':
				'eBPF라고 주소가 저절로 지켜지지는 않습니다. 파드가 다른 곳에 있으니 응답이 이 문으로 돌아와야 하고, 표시된 단계가 그렇게 만듭니다.',
			'never-kept': '파드가 바로 이 문에 있습니다. 응답은 어차피 여기를 지나므로 출발지를 건드릴 일이 없습니다.',
			'pods-node': '파드의 노드는 출발지를 그대로 둡니다. 바뀐다면 문에서 바뀝니다.',
		},
	},
	'map-entry': {
		title: '쓰인 줄',
		question:
			'Cilium {cilium}, 파드는 둘입니다. {entry} 노드에서 `cilium bpf lb list`가 이 서비스에 대해 보여 주는 줄이며, 줄마다 서비스 주소를 되풀이해 적었습니다. 두드린 노드: {entry}. 패킷을 어디로 보낼지 프로그램에 알려 준 줄은 어느 것입니까?',
		right: '프런트엔드는 여러분이 요청한 주소와 포트이고, 슬롯은 추첨된 것입니다.',
		wrong: '두 가지가 맞아야 합니다. 패킷이 찾아온 주소와 포트, 그리고 패킷이 간 파드입니다.',
		hint: '슬롯 0의 줄은 서비스를 어떻게 다룰지 말합니다. 그보다 큰 슬롯의 줄은 백엔드 하나가 어디 있는지 말합니다.',
		misconceptions: {
			surrogate:
				'0.0.0.0 줄은 이 노드의 소켓에 붙은 프로그램을 위한 것입니다. 선로로 도착한 패킷은 자신이 지닌 주소로 찾습니다.',
			'cluster-ip': '이 줄은 ClusterIP의 것입니다. 여러분의 패킷은 노드 자신의 주소로 갔습니다.',
			master: '이 줄도 읽혔고, 맨 먼저 읽혔습니다. 여기 서비스가 있다고 말할 뿐, 어느 파드인지는 아직 말하지 않습니다.',
			'other-slot': '프런트엔드는 맞지만 다른 슬롯이 추첨되었습니다. 패킷을 따라 파드까지 가 보세요.',
		},
	},
	'order-programs': {
		title: '프로그램의 순서',
		question:
			'Cilium {cilium}, 모드는 {mode}입니다. 두드리는 노드는 {entry}이고 파드는 다른 노드에서 실행됩니다. {entry} 노드에서 첫 패킷에 실행되는 순서대로 프로그램을 나열하세요.',
		right: '테일 콜마다 한 가지 일을 하고 패킷을 넘기며, 마지막 것이 밖으로 내보냅니다.',
		wrong: '앞에서부터 {at}개는 제자리에 있습니다. 그다음 것이 일을 하려면 먼저 무엇을 알아야 합니까?',
		hint: '이름이 말해 줍니다. 패킷이 어디서 왔는지, 어떤 종류인지, 무엇을 하는지.',
		misconceptions: {
			'egress-first': '나가는 패킷을 보는 프로그램이 들어오는 것을 보는 프로그램보다 먼저일 수는 없습니다.',
			'translated-first': '주소는 서비스를 찾은 다음에야 바뀝니다.',
		},
	},
	'home-door': {
		title: '한 문, 두 가지 장치',
		question:
			'파드는 {pod} 노드에서 실행되고 여러분은 {entry} 노드를 두드립니다. 정책은 Cluster입니다. 한 번은 kube-proxy가, 한 번은 snat 모드의 eBPF가 맡습니다. 어느 쪽이 파드에 여러분의 주소를 보여 줍니까?',
		right: 'kube-proxy는 파드를 고르기 전에 마크를 붙이고, 프로그램은 고른 뒤에 결정합니다.',
		wrong: '양쪽에 물어보세요. 출발지를 결정하는 순간에 파드가 어디 있는지 알고 있습니까?',
		hint: '위의 비교에 답이 있습니다. 문과 파드를 문제와 같이 맞추어 보세요.',
		options: {
			both: '둘 다',
			'only-ebpf': 'eBPF만',
			'only-proxy': 'kube-proxy만',
			neither: '둘 다 아님',
		},
		misconceptions: {
			both: '정책이 Cluster이면 kube-proxy는 파드가 어디 있든 결코 보여 주지 않습니다.',
			'only-proxy': '굳이 말하면 그 반대입니다. 늘 주소를 바꾸는 것은 kube-proxy입니다.',
			'ebpf-always': 'snat 모드에서는 파드가 다른 노드에 있으면 프로그램도 주소를 바꿉니다.',
			'mode-forbids': '모드 이름은 snat이지만 프로그램은 꼭 필요한 곳에서만 하고, 여기서는 파드가 문에 있습니다.',
		},
	},
	'reply-way': {
		title: '응답이 오는 길',
		question: '모드: {mode}. 두드리는 노드: {entry}. 파드가 실행되는 노드: {pod}. 응답은 어느 노드를 지납니까?',
		right: '변환을 되돌릴 수 있는 곳으로만 가고, 다른 곳으로는 가지 않습니다.',
		wrong: '클라이언트가 어느 주소로 접속했는지 누가 압니까? 응답은 그곳을 지나야 합니다.',
		hint: '응답의 출발지가 문의 주소로 바뀌는 정거장을 찾으세요.',
		options: {
			'pods-node': '파드가 있는 노드만({pod})',
			'entry-node': '두드린 노드만({entry})',
			both: '둘 다',
		},
		misconceptions: {
			'must-return': '이 모드에서는 파드의 노드가 문의 주소를 전해 받았으므로 스스로 응답에 쓸 수 있습니다.',
			'never-direct': '파드는 {pod} 노드에 있습니다. 무엇을 보내든 먼저 그곳을 지납니다.',
			'direct-anyway':
				'파드가 본 방문자는 문의 주소이므로 그 노드에 응답하고, 두 주소를 되돌릴 수 있는 것도 그 노드뿐입니다.',
		},
	},
	'option-bytes': {
		title: '함께 실려 가는 것',
		question:
			'모드: {mode}, 프로토콜: {protocol}. 두드리는 노드: {entry}. 파드는 다른 노드에서 실행됩니다. 이 노드가 첫 패킷을 내보낼 때 길이는 몇 바이트 늘어나 있습니까?',
		right: '{answer}바이트입니다. 나갈 때와 들어올 때의 길이가 꼭 그만큼 다릅니다.',
		wrong: '패킷이 들어올 때의 길이와 나갈 때의 길이를 비교하세요.',
		hint: '먼저 이 모드가 이 프로토콜에서 파드의 노드에 무언가를 알려 주는지 물어보세요. 그렇다면 종류, 길이, 포트, 주소입니다.',
		misconceptions: {
			'address-only': '네 바이트는 주소입니다. 포트도 필요하고, IP 옵션은 종류와 길이로 시작합니다.',
			'address-and-port': '주소와 포트는 여섯 바이트입니다. IP 옵션은 그 앞에 종류와 길이, 두 바이트가 더 있습니다.',
			nothing: '파드의 노드는 여러분이 어느 문을 두드렸는지 짐작할 수 없습니다. 패킷에 적혀서 옵니다.',
			always: '여기서는 아무것도 실려 가지 않습니다. 출발지가 바뀌므로 응답은 저절로 돌아옵니다.',
		},
	},
	'udp-hybrid': {
		title: 'hybrid, 프로토콜에 따라',
		question:
			'hybrid 모드, 프로토콜은 {protocol}입니다. 파드는 {pod} 노드에서 실행되고, 두드리는 노드는 {entry}({entryAddress})입니다. 파드가 보는 출발지 주소는 무엇일까요?',
		right: '답은 {answer}입니다. hybrid는 TCP와 UDP를 다르게 다룹니다.',
		wrong: '이 패킷이 지나는 길 어디에서도 그 주소는 출발지가 아닙니다.',
		hint: '두 프로토콜 가운데 패킷이 하나도 빠짐없이 길어지는 것은 어느 쪽이겠습니까?',
		misconceptions: {
			kept: 'TCP라면 그 주소입니다. UDP에서는 모든 패킷이 옵션을 실어야 하므로 hybrid는 SNAT를 씁니다.',
			lost: 'UDP라면 그 주소입니다. TCP에서는 패킷 하나만 옵션을 싣고, 주소는 그대로입니다.',
			'pods-node': '파드의 노드는 요청에 자기 주소를 쓰는 일이 없습니다.',
		},
	},
	'local-by-version': {
		title: 'Local, 엉뚱한 문',
		question:
			'kube-proxy 없이 Cilium {cilium}, externalTrafficPolicy는 Local입니다. 파드는 {pod} 노드에서 실행되고 여러분은 {entry} 노드를 두드립니다. curl의 결과는 무엇일까요?',
		right: '다른 버전은 다르게 응답합니다. 이 정책은 파드 없는 문에 대해 아무것도 약속하지 않습니다.',
		wrong: '이 문에는 자기 백엔드가 없습니다. 그다음은 버전에 달려 있습니다.',
		hint: '1.12에서는 백엔드 없는 서비스를 없는 서비스로 치므로 패킷이 노드의 커널까지 갑니다. 1.13과 1.14는 프로그램에서 버리고, 1.15부터는 프로그램이 응답합니다.',
		options: {
			connected: '응답을 받습니다',
			refused: 'Connection refused',
			timeout: '기다리다가 시간이 초과됩니다',
			unreachable: 'No route to host',
		},
		misconceptions: {
			silent: '여기서 침묵하는 것은 kube-proxy, 그리고 Cilium 1.13과 1.14입니다. 이 버전에서는 누군가 응답합니다.',
			polite: '이 버전에서는 프로그램이 표시된 단계에서 패킷을 버리고, 아무에게도 알리지 않습니다.',
			forwarded: 'Local에서는 누가 일을 하든 어느 문도 다른 노드로 이어지지 않습니다.',
		},
	},
	'each-door': {
		title: '문 하나하나',
		question:
			'Cilium 1.12.1, {who}, 정책 {policy}, 프로토콜 {protocol}입니다. 파드는 {pod} 노드에서 실행됩니다. 모든 문을 두드리면 각각 무엇을 보여 줄까요?',
		right: '세 가지만 물어보면 됩니다. 이 문에 파드가 있는가, 다른 노드로 넘겨도 되는가, 응답은 누가 되돌리는가.',
		wrong:
			'앞에서부터 {at}개는 맞습니다. 그다음 문은 이렇게 따져 보세요. 파드가 거기 있습니까? 없다면 넘겨도 됩니까? 누구의 이름으로 넘깁니까?',
		hint: '파드가 있는 문을 먼저 찾으세요. 나머지 세 문은 결과가 모두 같습니다.',
		options: {
			client: '여러분의 주소',
			door: '문 자신의 주소',
			refused: '연결 거부',
			timeout: '응답 없음',
		},
		misconceptions: {
			'home-forgotten': '파드가 있는 문에서는 이름을 빌려줄 일이 없으므로 여러분의 주소가 남습니다.',
			'all-client': '주소가 살아남는 것은 파드가 있는 문입니다. 나머지 문은 패킷을 다르게 처리해야 합니다.',
			forwarded: 'Local에서는 어느 문도 누구의 이름으로든 다른 노드로 넘기지 않습니다.',
			silence: '침묵은 kube-proxy의 방식입니다. Cilium 1.12는 패킷을 노드의 커널에 맡기고, 커널이 거부합니다.',
			refusal: 'kube-proxy는 넘길 수 없는 패킷을 거부하지 않고 말없이 버립니다.',
		},
	},
	'agents-after': {
		title: '주소를 모르는 에이전트',
		question:
			'kube-proxy 없는 새 클러스터입니다. Cilium 1.12.1을 `kubeProxyReplacement=strict`, {k8sServiceHost} 값으로 설치했습니다. 매니페스트를 적용하고 기다린 뒤 {entry} 노드를 두드립니다. curl의 결과는 무엇일까요?',
		right: '문을 여는 것은 에이전트이고, 에이전트에게는 무엇보다 먼저 API 서버가 필요합니다.',
		wrong:
			'ClusterIP를 변환해 줄 것이 없을 때 에이전트가 무엇을 할 수 있는지, 아무도 열지 않은 포트를 노드가 어떻게 다루는지 생각해 보세요.',
		hint: '주소를 받지 못한 에이전트는 API 서버의 ClusterIP로 시도합니다. 이렇게 새 클러스터에서 그 주소를 누가 변환합니까?',
		options: {
			connected: '응답을 받습니다',
			refused: 'Connection refused',
			timeout: '기다리다가 시간이 초과됩니다',
			unreachable: 'No route to host',
		},
		misconceptions: {
			'kernel-has-it':
				'전에 실행된 적이 있는 클러스터라면 그럴 수도 있습니다. 이 클러스터의 커널에는 아무것도 쓰인 적이 없습니다. 에이전트가 API 서버의 주소에서 더 나아가지 못했습니다.',
			silence:
				'패킷을 버리는 것은 없습니다. 이 포트를 아는 프로그램이 없으니 노드의 커널이 직접, 여기서 수신 대기하는 것이 없다고 응답합니다.',
			'needs-proxy': '진짜 주소가 있으면 에이전트는 변환해 줄 누구도 필요 없고, 스스로 문을 엽니다.',
		},
	},
	'lookups-grow': {
		title: '클러스터가 커지면',
		question:
			'서비스를 맡은 것은 {who}입니다. 파드는 이 노드에 있고, 클라이언트가 그 NodePort로 연결을 엽니다. 첫 패킷이 여기서 거치는 규칙의 수와, 프로그램이 그 패킷을 위해 맵을 조회하는 횟수를 더하세요. 클러스터의 서비스가 {from}개에서 {to}개로 늘어나면 이 합은 얼마나 늘어납니까?',
		right:
			'답은 {answer}입니다. 목록은 규칙을 하나씩 거쳐야 하지만, 맵에서는 다른 항목이 아무리 많아도 키가 제 항목으로 곧장 이어집니다.',
		wrong: '패킷이 하나씩 거쳐 가는 것은 무엇이고, 키로 찾는 것은 무엇인지 생각해 보세요.',
		hint: '여기서 서비스는 목록에 있습니까, 키 아래에 있습니까? 목록이라면 NodePort는 그 안의 어디에서 찾습니까?',
		misconceptions: {
			none: '나중 패킷이라면 그렇습니다. conntrack이 알아보기 때문입니다. 첫 패킷은 목록에서 서비스를 찾아야 합니다.',
			half: '목록의 절반은 ClusterIP가 평균적으로 거치는 길이입니다. NodePort는 목록에 제자리가 없고, 그것을 찾는 규칙은 맨 마지막입니다.',
			tree: '탐색 트리라면 몇 단계가 더 듭니다. 서비스 맵은 해시 테이블이어서 한 단계도 더 들지 않습니다.',
			rows: '맵의 줄은 정말 그만큼, 서비스마다 한두 줄씩 늘어납니다. 하지만 프로그램은 한 번에 키 하나를 찾을 뿐, 줄을 차례로 훑지 않습니다.',
		},
	},
	'all-four-doors': {
		title: '문 네 개, 여러분의 주소',
		question:
			'파드 하나, 정책은 Cluster로 두고 네 문이 모두 {client} 주소로 응답하게 하세요. 스위치를 쓰면 되고, 목표에 이르는 설정이면 무엇이든 정답입니다.',
		right: '해냈습니다. 파드의 노드가 대신 응답하므로 이제 어느 문도 이름을 빌려주지 않습니다.',
		wrong: '적어도 한 문이 여러분의 것이 아닌 주소를 보여 줍니다. 어느 문인지는 목록에 있습니다.',
		hint: '주소가 이미 맞는 문은 어디입니까? 나머지도 맞으려면 파드의 노드가 무엇을 알아야 합니까?',
		misconceptions: {
			proxy: 'kube-proxy는 파드 자신의 문을 포함해 모든 문에서 마크를 붙입니다.',
			'snat-at-home': '파드를 옮기면 맞는 문 하나가 옮겨 갈 뿐입니다. 나머지는 여전히 이름을 빌려주어야 합니다.',
		},
	},
};
