import type { ExerciseWords } from '../../../src/exercises/index.ts';
import type { ExerciseId } from './index.ts';

export const ko: Record<ExerciseId, ExerciseWords> = {
	'who-knocked': {
		title: '다섯 번째 방문',
		question:
			'파드는 {pod}({podAddress}) 노드에서 실행됩니다. 여러분이 두드리는 노드는 {entry}({entryAddress}), 정책은 Cluster입니다. 파드가 보는 출발지 주소는 무엇일까요?',
		right:
			'파드가 보는 주소는 {answer}입니다. 여러분이 두드린 노드가 패킷을 넘기기 전에 자기 주소를 써 넣었기 때문입니다.',
		wrong: '패킷이 지나는 길 어디에서도 그 주소는 출발지가 아닙니다. 문에서 파드까지 선 위의 라벨을 읽어 보세요.',
		hint: '위의 네 줄을 보세요. 방문자와 두드린 문 사이에 어떤 공통점이 있습니까?',
		misconceptions: {
			'client-kept':
				'여러분이 보낼 때 쓴 주소이고, 노드까지는 도착합니다. 하지만 노드를 떠나지는 못합니다. 표시된 정거장에서 다른 주소로 바뀝니다.',
			'pods-node':
				'파드가 있는 노드는 출발지를 건드리지 않고 패킷을 전달합니다. 주소는 그 전에, 여러분이 두드린 노드가 바꾸었습니다.',
			'pod-itself': '그것은 패킷이 가는 곳입니다. 그 주소로 바뀐 것은 목적지이지 출발지가 아닙니다.',
		},
	},
	'order-chains': {
		title: '체인의 순서',
		question: '두드리는 노드는 {entry}입니다. 첫 패킷이 들어가는 순서대로 nat 테이블의 체인을 나열하세요.',
		right: '먼저 문을 찾고, 마크를 붙이고, 엔드포인트를 고르고, 마지막 체인이 그 주소를 씁니다.',
		wrong: '앞에서부터 {at}개는 제자리에 있습니다. 그다음 체인을 고르려면 먼저 무엇을 알아야 합니까?',
		hint: '체인을 거칠 때마다 질문이 좁아집니다. 서비스인가? 이 노드의 포트인가? 어느 서비스인가? 어느 엔드포인트인가?',
		misconceptions: {
			'endpoint-first':
				'KUBE-SEP 체인은 엔드포인트 하나에 딸린 것입니다. KUBE-SVC가 그 엔드포인트를 고른 다음에야 들어갈 수 있습니다.',
			'nodeports-first':
				'KUBE-NODEPORTS에는 KUBE-SERVICES의 마지막 규칙으로 들어갑니다. 그 전에 모든 서비스 주소와 비교합니다.',
		},
	},
	'rule-that-marks': {
		title: '주소를 잃게 하는 규칙',
		question:
			'{entry} 노드의 nat PREROUTING에서 첫 패킷과 일치한 규칙들입니다. 이 가운데 하나를 빼면 이 서비스의 방문자는 주소를 지키고 다른 서비스는 그대로입니다. 어느 것입니까?',
		right:
			'이 규칙에는 조건이 없습니다. 이 서비스의 외부 입구로 들어온 것은 모두 마크가 붙고, KUBE-POSTROUTING은 마크가 붙은 것을 마스커레이드합니다.',
		wrong:
			'그 규칙이 없으면 패킷이 파드를 찾지 못합니다. 마스커레이드만 요청하고 다른 것은 정하지 않는 규칙을 찾으세요.',
		hint: '출발지는 POSTROUTING에서 바뀌지만, 그 전에 마크가 붙었을 때만 그렇습니다. 이 서비스의 어느 줄이 그것을 정합니까?',
		misconceptions: {
			'dnat-does-it':
				'DNAT는 패킷이 가는 곳을 바꿉니다. 이것이 없으면 패킷이 도착하지 못하지만, 출발지는 그대로입니다.',
			'or-mark-itself':
				'마크를 붙이는 줄은 맞지만 모든 서비스가 함께 쓰는 규칙입니다. 이것이 없으면 어느 서비스도 마스커레이드할 수 없습니다. 여기로 점프하는 이 서비스의 규칙을 찾으세요.',
		},
	},
	'same-node': {
		title: '파드가 바로 그 노드에 있을 때',
		question:
			'파드는 {node}({address}) 노드에서 실행되고, 여러분은 바로 그 문을 두드립니다. 정책은 Cluster입니다. 파드가 보는 출발지 주소는 무엇일까요?',
		right: '{answer}입니다. 마크는 엔드포인트를 고르기 전에 붙으므로, 파드가 같은 노드에 있어도 달라지지 않습니다.',
		wrong: '패킷을 POSTROUTING까지 따라가서 MASQUERADE가 무엇을 쓰는지 보세요.',
		hint: 'KUBE-MARK-MASQ에 들어갈 때 엔드포인트를 이미 알고 있었습니까?',
		misconceptions: {
			'local-keeps':
				'여기서는 주소를 그대로 두어도 되고, 실제로 그렇게 하는 데이터패스도 있습니다. 하지만 kube-proxy는 파드가 어디 있는지 알기도 전에 NodePort로 들어온 모든 패킷에 마크를 붙입니다.',
			'other-node': '다른 노드는 이 패킷을 보지 못합니다. 문과 파드가 같은 노드에 있습니다.',
			'pod-itself': '그것은 DNAT를 거친 목적지입니다. 묻고 있는 것은 출발지입니다.',
		},
	},
	'where-undone': {
		title: '응답이 되돌려지는 곳',
		question:
			'두드린 노드는 {entry}, 파드가 있는 노드는 {pod}입니다. 응답의 출발지가 다시 문의 주소가 되는 곳은 어디입니까?',
		right: '변환은 변환을 한 곳, 곧 여러분이 두드린 노드가 기억합니다. 그래서 응답은 반드시 그곳을 지나야 합니다.',
		wrong: '응답의 출발지가 바뀌는 정거장을 찾으세요.',
		hint: 'conntrack 줄의 두 튜플이 서로 뒤집은 모습이 아닌 곳은 어디입니까?',
		options: {
			pod: '파드 안',
			'pods-node': '파드가 있는 노드({pod})',
			'entry-node': '여러분이 두드린 노드({entry})',
			client: '여러분의 머신',
		},
		misconceptions: {
			pod: '파드는 서비스가 있다는 것을 모릅니다. 자신이 본 출발지로, 자기 주소에서 응답할 뿐입니다.',
			'pods-node': '그 노드는 요청을 그대로 전달했습니다. 되돌릴 것이 없고, 응답도 그대로 전달합니다.',
			client: '여러분의 머신이 응답을 받아들이는 것은 출발지가 이미 여러분이 접속한 주소이기 때문입니다.',
		},
	},
	'conntrack-row': {
		title: '변환하는 줄',
		question:
			'{entry} 노드로 한 번 방문한 뒤 두 노드({entry}, {pod})의 커넥션 트래킹 테이블에서 가져온 줄입니다. 파드의 응답을 문의 응답으로 바꾸는 줄은 어느 것입니까?',
		right: '들어온 패킷은 노드의 주소와 포트로 왔는데, 돌아올 응답은 파드에서 옵니다. 그 차이가 변환입니다.',
		wrong: '줄의 앞 절반과 뒤 절반을 비교하세요. 뒤 절반은 앞 절반을 그대로 뒤집은 것입니까?',
		hint: '앞 절반은 패킷이 들어올 때의 모습입니다. 어느 문을 두드렸습니까?',
		misconceptions: {
			'pods-node-row':
				'앞뒤 절반이 서로 그대로 뒤집은 모습입니다. 이 노드는 변환이 끝난 패킷을 보았고, 아무것도 바꾸지 않습니다.',
		},
	},
	'policy-elsewhere': {
		title: '엉뚱한 문을 두드리면',
		question:
			'externalTrafficPolicy가 Local입니다. 두드리는 노드: {entry}. 파드가 실행되는 노드: {pod}. curl의 결과는 무엇일까요?',
		right:
			'정책이 Local이면 노드는 자기 파드에만 전달합니다. 자기 파드가 없을 때의 결과는 다른 곳에 엔드포인트가 있는지에 달려 있습니다.',
		wrong: '먼저 서비스에 엔드포인트가 하나라도 있는지, 다음으로 이 노드에 있는지 따져 보세요.',
		hint: 'kube-proxy는 두 경우를 구별합니다. 엔드포인트가 아예 없는 서비스와, 이 노드에만 없는 서비스입니다.',
		options: {
			connected: '응답을 받습니다',
			refused: 'Connection refused',
			timeout: '기다리다가 시간이 초과됩니다',
			unreachable: 'No route to host',
		},
		misconceptions: {
			'refused-politely':
				'거부하려면 응답을 보내야 하는데, kube-proxy는 여기서 말없이 버립니다. 표시된 규칙은 REJECT가 아니라 DROP입니다.',
			'forwarded-anyway': 'Local이면 노드는 패킷을 다른 노드로 넘길 수 없습니다. 그 전에 표시된 규칙이 결정합니다.',
			'silent-when-empty':
				'응답이 없는 것은 다른 곳에 엔드포인트가 있는 서비스일 때입니다. 이 서비스에는 하나도 없으므로 kube-proxy가 거부하고, ICMP 오류를 받은 curl은 refused라고 출력합니다.',
			'local-answers': '바로 이 노드에서 파드가 실행되므로 이 문은 열려 있습니다.',
		},
	},
	'proxy-gone': {
		title: 'kube-proxy가 없으면 몇 줄일까요?',
		question:
			'Kubernetes {kubernetes}, kube-proxy가 한 번도 실행되지 않은 노드입니다. iptables-save | grep -c KUBE 명령을 실행하면 몇 줄이라고 나올까요?',
		right: '{answer}줄이며, 모두 kubelet의 것입니다.',
		wrong: '모든 테이블에서 규칙뿐 아니라 선언(콜론으로 시작하는 줄)도 세어야 합니다.',
		hint: 'Kubernetes 1.27부터 kubelet은 다른 프로그램을 위해 두던 것을 만들지 않습니다. nat 테이블에는 canary 체인만 남고, 마크가 붙은 패킷을 버리는 규칙도 없습니다. 위 목록에서 그 줄들을 지워 보세요.',
		misconceptions: {
			zero: 'kube-proxy가 쓰는 규칙은 물론 없습니다. 하지만 kube-proxy가 있든 없든 kubelet은 자기 규칙을 씁니다.',
			'always-eighteen':
				'Kubernetes 1.26까지는 열여덟이 맞습니다. 그 뒤로 kubelet은 kube-proxy를 위해 만들던 체인을 더 이상 만들지 않습니다.',
			'proxy-still-there': '그것은 kube-proxy가 있을 때의 수입니다. 여기서는 한 번도 실행되지 않았습니다.',
		},
	},
	'service-cost': {
		title: '확장의 비용',
		question:
			'Kubernetes {kubernetes}. 디플로이먼트의 레플리카가 1개에서 {replicas}개로 늘어납니다. 각 노드의 nat 테이블에 규칙이 몇 개 늘어날까요?',
		right: '{answer}개입니다. 모든 노드에서, 이 파드가 하나도 없는 노드에서도 그렇습니다.',
		wrong:
			'엔드포인트 하나에 무엇이 드는지 보세요. 그 KUBE-SEP 체인에 규칙이 있고, KUBE-SVC에도 그 엔드포인트를 고르는 규칙이 하나 더 필요합니다.',
		hint: '두 번째 절의 출력에서 엔드포인트 하나를 가리키는 줄을 세어 보세요.',
		misconceptions: {
			'one-each': '그 하나는 엔드포인트를 고르는 규칙입니다. 엔드포인트의 체인 안에도 규칙이 있습니다.',
			none: 'kube-proxy는 모든 노드에서 엔드포인트마다 규칙을 씁니다.',
			'two-each': '그것은 KUBE-SEP 체인만 센 것입니다. KUBE-SVC에도 엔드포인트마다 규칙이 하나 있습니다.',
		},
	},
	'every-worker': {
		title: '문 세 개, 여러분의 주소',
		question:
			'세 워커의 문이 모두 응답하고, 응답마다 {client} 주소가 보이게 하세요. 아래 스위치를 쓰세요. 목표에 이르는 설정이면 무엇이든 정답입니다.',
		right: '문마다 자기 파드가 있어서 어느 문도 전달할 필요가 없고, 이름을 빌려줄 필요도 없습니다.',
		wrong: '적어도 문 하나가 응답하지 않거나, 여러분의 것이 아닌 주소를 보여 줍니다. 어느 문인지는 목록에 있습니다.',
		hint: '주소를 지킬지 정하는 스위치가 있고, 문마다 응답할 파드가 있을지 정하는 스위치가 있습니다.',
		misconceptions: {
			'cluster-with-many': '정책이 Cluster인 한 파드가 많아도 소용없습니다. 누가 응답하든 모든 패킷에 마크가 붙습니다.',
			'local-with-few': '주소는 지켜지지만, 자기 파드가 없는 문은 여전히 응답하지 않습니다.',
			'nobody-home': '파드가 없으면 어느 문도 응답하지 않습니다.',
		},
	},
};
