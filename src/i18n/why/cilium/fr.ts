import type { CiliumWords } from '../types.ts';

export const why: CiliumWords = {
	'cilium.backend-elsewhere':
		'{ip} se trouve sur un autre nœud. Pour que sa réponse revienne ici, où le service est connu, le paquet continue au nom de ce nœud.',
	'cilium.backend-here':
		'{ip} est un pod de ce nœud : sa réponse passera ici de toute façon. Seule la destination change, et le pod verra {client}.',
	'cilium.chosen': ({ how }) =>
		({
			connection: 'La connexion a déjà un backend, {backend} : elle y reste.',
			affinity: 'Le client est allé à {backend} la dernière fois, et l’affinité de session l’y garde.',
			maglev:
				'Les adresses et ports du paquet donnent une place dans la table Maglev du service, où se trouve {backend} : chaque nœud trouve le même.',
			lot: 'Connexion nouvelle : un backend est tiré au sort parmi ceux du service, {backend}.',
		})[how],
	'cilium.cluster-ip': '{frontend} est une ClusterIP : elle n’est pas pour les paquets venus du dehors.',
	'cilium.ct-known': 'La connexion est déjà dans la table de Cilium.',
	'cilium.ct-new':
		'La connexion est nouvelle : elle est inscrite dans la table de Cilium, qui n’est pas le conntrack du noyau.',
	'cilium.ct-nodeport':
		'La connexion est inscrite comme celle d’un service : c’est à cette entrée que ses réponses seront reconnues.',
	'cilium.deliver':
		'{ip} est l’endpoint {endpoint} de ce nœud : le programme de Cilium remet lui-même le paquet à {dev}, et à partir d’ici, ni les routes de l’hôte ni iptables ne le voient.',
	'cilium.dsr-geneve':
		'L’adresse du client reste. {frontend}, qu’il a demandé, voyage dans l’en-tête du tunnel, pour que le nœud du backend réponde sous ce nom.',
	'cilium.dsr-learned':
		'L’avis dit que {client} a demandé {frontend} : désormais les réponses partent avec cette adresse.',
	'cilium.dsr-option':
		'L’adresse du client reste. {frontend}, qu’il a demandé, voyage dans une option IP de huit octets, pour que le nœud du backend réponde sous ce nom.',
	'cilium.dsr-reply':
		'La réponse prend {frontend} pour source et va droit au client, sans repasser par le nœud interrogé.',
	'cilium.dsr-too-long':
		'Avec l’avis, le paquet ferait {length} octets, trop pour le lien : on demande au client des paquets de {mtu}.',
	'cilium.egress-as-is': 'Rien ne demande une autre source que {ip} : le paquet part tel quel.',
	'cilium.egress-done': 'La marque dit que le paquet est déjà traduit : il part tel quel.',
	'cilium.egress-overlay': 'La marque dit que c’est le datagramme du tunnel lui-même : il n’y a rien à traduire.',
	'cilium.encap':
		'L’ipcache de Cilium connaît {ip} derrière le nœud {node} : le paquet entre dans le tunnel, avec l’identité de l’émetteur, {vni}, pour numéro.',
	'cilium.fib':
		'Le programme consulte lui-même les routes de l’hôte : le prochain saut est {ip}, en {mac}. Le paquet part par {dev} sans passer par la pile de l’hôte.',
	'cilium.fib-neigh':
		'Le prochain saut est {ip}, par {dev}. Son adresse MAC n’est pas encore connue : le noyau la demande, puis envoie le paquet.',
	'cilium.fib-none': 'L’hôte n’a aucune route par laquelle le paquet puisse aller vers {ip}.',
	'cilium.fib-too-long':
		'Le paquet fait {length} octets et la sortie en prend {mtu} : le programme ne peut pas le faire suivre, et personne n’est prévenu.',
	'cilium.fib-unknown':
		'Le prochain saut est {ip}, par {dev}, mais son adresse MAC n’est pas encore connue, et ce programme ne peut pas la demander : le paquet est jeté.',
	'cilium.hairpin':
		'Le pod s’est atteint lui-même à travers son service. La source devient {address}, car il jetterait un paquet venu de sa propre adresse.',
	'cilium.host': '{ip} est une adresse du nœud lui-même : le paquet continue dans la pile de l’hôte.',
	'cilium.netdev-stack':
		'Avec l’ancien routage par l’hôte (legacy), le programme s’arrête là : la pile de l’hôte prend le paquet pour {ip}, afin que conntrack le voie.',
	'cilium.netdev-unknown': '{ip} n’est pas un endpoint de ce nœud : le paquet continue dans la pile de l’hôte.',
	'cilium.no-backend':
		'{frontend} est un service, mais aucun backend ne peut être choisi ici : le paquet est jeté, et personne n’est prévenu.',
	'cilium.no-backend-reject':
		'{frontend} est un service, mais aucun backend ne peut être choisi ici : l’émetteur l’apprend par une erreur ICMP au nom du service.',
	'cilium.no-service': '{frontend} n’est pas un service dans la map de Cilium.',
	'cilium.no-such-port':
		'{frontend} a l’adresse d’un service, mais aucun de ses ports. Le paquet est jeté : le réseau ne ferait que le ramener.',
	'cilium.overlay-identity':
		'Le paquet est venu de {node} par le tunnel ; son numéro, {vni}, est l’identité de l’émetteur.',
	'cilium.reverse': 'C’est la réponse d’un backend de service : sa source redevient {frontend}, l’adresse demandée.',
	'cilium.service':
		'{frontend} est un service dans la map de Cilium : le paquet va donc à l’un de ses backends, {backend}. Aucune règle iptables n’est consultée.',
	'cilium.snat': 'La source devient {to}. Deux entrées de la map NAT de Cilium s’en souviennent, une par sens.',
	'cilium.snat-error':
		'L’erreur ICMP cite un paquet traduit : son émetteur devient {address}, et la citation est remise comme l’autre bout la connaît.',
	'cilium.snat-full': 'En {tries} essais, aucun port de {address} n’était libre pour ce flux : le paquet est jeté.',
	'cilium.snat-known': 'Le flux est dans la map NAT de Cilium : sa source devient {to}, comme avant.',
	'cilium.snat-port-taken':
		'Le port {port} est pris par un autre flux vers le même endroit : un autre a été trouvé après {tries} {tries|essai|essais}.',
	'cilium.snat-same':
		'C’est une connexion du nœud lui-même : elle garde {to}, noté pour qu’aucun flux traduit ne prenne le même port.',
	'cilium.sock-bind': 'Le port {port} est celui d’un NodePort : aucun processus du nœud ne peut y écouter.',
	'cilium.sock-connect':
		'Le programme demande {frontend}, un service. Son socket va à {backend}, avant même qu’il y ait un paquet : l’adresse du service ne passe jamais sur le fil.',
	'cilium.sock-no-backend':
		'{frontend} est un service sans backend : l’appel du programme échoue aussitôt avec {errno}, et aucun paquet ne part.',
	'cilium.sock-none':
		'{frontend} n’est pas un service que Cilium puisse remplacer par un backend : le socket va où on le lui a demandé.',
	'cilium.sock-release': 'Le socket est fermé : sa traduction est oubliée.',
	'cilium.sock-reverse':
		'Le socket parle à {backend}, mais on dit au programme {frontend}, l’adresse qu’il a demandée.',
	'cilium.sock-stale':
		'{frontend} n’est plus le service d’où venait la traduction de ce socket : elle est oubliée, et on dit au programme {backend}.',
	'cilium.source-range': '{client} ne fait pas partie des sources autorisées à utiliser {frontend}.',
	'cilium.stack':
		'{ip} n’est pas un endpoint de ce nœud : c’est à la pile de l’hôte de trouver le chemin ; l’identité de l’émetteur, {identity}, l’accompagne comme marque.',
	'cilium.tail-call': 'La suite revient à un autre programme, {program} : un tail call, sans retour.',
	'cilium.unroutable': 'La route des pods menait ici, mais aucun pod n’a {ip}.',
	'cilium.unsnat':
		'C’est la réponse à une requête que ce nœud a relayée en son nom : la destination redevient {to}, qui a vraiment demandé.',
	'cilium.unsnat-none': 'Le paquet ne répond à rien que ce nœud ait traduit.',
	'cilium.unsnat-same': 'C’est la réponse à une connexion du nœud lui-même : elle reste pour {to}.',
	'cilium.xdp-done':
		'XDP a déjà cherché les services et l’a noté devant la trame : le programme ne cherche pas une seconde fois.',
	'cilium.xdp-encap':
		'XDP n’a pas d’interface de tunnel : il écrit lui-même les en-têtes du tunnel, de {source} vers le nœud {node}.',
	'cilium.xdp-local':
		'{frontend} n’a de backends que sur ce nœud (politique Local) : le paquet entrera de toute façon dans le noyau, et c’est le programme au point tc qui choisira.',
	'cilium.xdp-pass':
		'XDP n’a rien à faire suivre : le paquet entre dans le noyau, avec une note qui dit qu’il est inutile de chercher à nouveau un service.',
	'cilium.xdp-tunnel':
		'XDP ne peut pas envoyer par l’interface du tunnel : le paquet entre dans le noyau, avec une note qui dit au programme au point tc qu’il est pour le nœud {node}.',
	'program.denied':
		'Le programme {program} interdit la connexion à {peer} : l’appel système échoue avec `EPERM`, et rien n’est envoyé.',
	'program.dropped': 'Le programme {program} jette le paquet (raison {reason}).',
	'program.no-device': 'Le programme {program} envoie le paquet vers l’interface numéro {ifindex}, qui n’existe pas.',
	'program.redirected':
		'Le programme {program} envoie le paquet droit à {dev} : ce qui viendrait ensuite sur le chemin habituel est sauté.',
	'program.redirected-peer':
		'Le programme {program} dépose le paquet droit à l’autre bout de {dev} : le bout le plus proche ne le voit pas.',
	'tunnel.decapsulated':
		'Le datagramme arrive de {remote} par le tunnel. {dev} en sort la trame, qui portait le numéro {vni}, et la reçoit comme si elle venait d’un câble.',
	'tunnel.encapsulated':
		'{dev} met la trame entière dans un datagramme de {source} à {remote}, avec le numéro {vni}. D’ici à là-bas, seules comptent les adresses du dehors.',
	'tunnel.no-key':
		'Personne n’a dit où {dev} doit envoyer le paquet, et l’interface ne connaît personne par elle-même.',
	'tunnel.no-route': 'Aucune route ne mène à {remote}, l’autre bout du tunnel.',
	'tunnel.refused':
		'Le datagramme est arrivé au port de {dev}, mais ne contient rien que le tunnel puisse laisser entrer.',
	'xdp.refused':
		'{dev} ne prend pas de trames de XDP : celle-ci est perdue. Pour une paire veth, l’autre bout devrait avoir lui aussi un programme XDP ; avec kind, il n’en a pas. (Le mode générique, testing-only, n’exige rien de tel.)',
};
