### What discriminators observed, and the rows that a finding rests on.
###
### A row never says who did it: what passes while something else fails is "consistent with" a cause, and
### no more.

## Observations of discriminators.

said-reference-agrees = 기준 리졸버 { $resolver }의 응답에 이곳에서 받은 것과 같은 주소가 있습니다.
said-reference-differs = 이 이름은 이곳에서는 { $here }, 기준 리졸버 { $resolver }에서는 { $there }로 조회됩니다. 이것만으로는 아무것도 입증되지 않습니다.
said-reference-fails = 기준 리졸버 { $resolver }에서도 주소를 얻지 못했습니다({ $failure }).
said-reference-silent = 기준 리졸버 { $resolver }에서 응답이 없었습니다({ $failure }). 이것만으로는 이 이름에 관해 아무것도 알 수 없습니다.
said-reference-forged = 기준 리졸버 { $resolver }에 조회하면 위조된 응답이 섞여 있습니다: { $answers }.
said-reference-verifies = 이곳에서 받은 주소 { $here }에서는 인증서가 유효하지 않고, 다른 곳에서 알려 준 주소 { $there }에서는 유효합니다.
said-site-answers-elsewhere = 이곳에서 받지 못한 주소 { $there }에서 사이트의 인증서가 유효합니다.
said-resolver-denies = 이곳에서 쓰는 DNS 서버({ $own })는 이 이름의 주소를 알려 주지 않습니다. 기준 DNS 서버 { $resolver }가 알려 준 { $there }에서는 사이트가 정상적으로 응답하므로, 접속을 막고 있는 것은 이곳의 DNS 서버입니다.
said-resolver-misleads = 이곳에서 쓰는 DNS 서버({ $own })는 이 이름을 { $here }(으)로 안내합니다. 기준 DNS 서버 { $resolver }가 알려 준 { $there }에서는 사이트가 정상적으로 응답하므로, 접속을 막고 있는 것은 이곳의 DNS 서버입니다.
said-no-better-there = 기준 DNS 서버가 알려 준 주소 { $there }에서도 같은 요청의 결과는 나아지지 않습니다.
said-control-fails-alike = 사이트와 무관한 { $control }에 이 이름을 보내도 똑같이 실패하며({ $failure }), 중립적인 이름은 통과합니다. 사이트에 이르기 전에 일어나는 일입니다.
said-control-answers-alike = 사이트와 무관한 { $control }에 이 이름을 보내도 같은 페이지({ $status })가 오고, 중립적인 이름에는 오지 않습니다. 사이트보다 앞에서 온 페이지입니다.
said-control-passes = 사이트와 무관한 { $control }에 이 이름을 보내면 통과합니다.
said-control-unclear = { $control }에 이 이름과 중립적인 이름을 보낸 결과로는 알 수 없습니다.
said-site-name-fails = 사이트 주소 { $address }에서 중립적인 이름은 통과하고 사이트 자신의 이름은 실패합니다({ $failure }). 경로상이나 사이트의 경계에서 이름에 반응하는 무언가가 있는 경우와 부합합니다.
said-site-passes = 사이트 주소 { $address }에서 사이트의 이름과 중립적인 이름이 모두 통과합니다.
said-site-unclear = 사이트 주소 { $address }에 자신의 이름과 중립적인 이름을 보낸 결과로는 알 수 없습니다.
said-not-asked = { $step }에는 묻지 않았습니다: { $why }.

## Steps, as the subject of `said-not-asked`.

step-reference = 기준 리졸버
step-at-reference = 기준 DNS 서버가 알려 준 주소
step-control = 대조 페이지의 주소
step-site = 사이트의 주소

## Reasons for `said-not-asked`.

why-silence = 직전에 물은 뒤 240초 동안은 접속하지 않습니다
why-no-control = 같은 프로토콜을 쓰는 다른 곳의 대조 페이지가 이 관측 지점에 없습니다
why-no-address = 알려진 주소가 없습니다
why-local-name = 내부 네트워크의 이름입니다
why-no-reference = 설정된 대로는 사용할 수 없습니다
why-back-off = 사이트가 접속 자제를 요청했습니다
why-robots = robots.txt가 허용하지 않습니다

## Rows of a finding.

vantage = { $who }: { $what }.
vantage-served = { $who }: { $what }(평소와 같음).
person-ok = { $network }에서 사람이 페이지를 열어 보았습니다({ $at }).
person-refused = { $network }에서 사람이 열어 보아도 거부되었습니다({ $at }).
person-partial = { $network }에서 사람이 열어 보니 페이지가 일부만 나왔습니다({ $at }).
