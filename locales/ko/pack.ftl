### The page of a pack of a cited link.

title = 링크 { $link }: { $url }
lead = 문헌이 인용한 링크에 관해 보관된 내용입니다. 어디에 인용되었는지, 상태가 어떻게 바뀌었는지, 사이트가 무엇을 보냈는지 보여 줍니다.

## The link now.

state-heading = 현재 상태
state-line = { $state } ({ $time } UTC부터)
state-unchecked = 아직 확인하지 않은 링크입니다.
moved-line = 새 주소: { $url }
copy-line = 보존본: { $url } ({ $time } UTC에 저장)

## Citations.

cited-heading = 인용된 곳
cited-none = 지금은 이 링크를 인용한 문헌이 없습니다.
head-document = 문헌
head-place = 위치
head-cited = 인용한 날
head-as-cited = 인용된 형태
head-passage = 인용한 구절

## Changes.

states-heading = 상태의 변화
states-none = 기록된 상태 변화가 없습니다.
head-time = 시각(UTC)
head-change = 변화
head-kind = 알게 된 경위
kind-changed = 점검에서 확인했습니다.
kind-already = 첫 점검 때 이미 그러했습니다.
kind-back = 페이지가 다시 제공됩니다.
kind-observed = 사람이 브라우저로 확인했습니다.
kind-accepted = 사람이 지금의 페이지를 기준으로 인정했습니다.
kind-host-event = 한 번의 점검에서 이 호스트의 여러 링크가 함께 나빠졌습니다.

## Both sides.

sides-heading = 변화의 전과 후
side-decided = 판단의 근거가 된 응답
side-healthy = 그 전에 마지막으로 정상이던 응답
side-earlier = 그 전의 정상 응답
side-not-last = 이 응답 뒤의 점검에서도 페이지는 정상이었으며 마지막 점검은 { $time } (UTC)입니다. 그때의 응답은 보관되어 있지 않으므로, 아래 응답은 바뀌기 직전의 내용을 보여 주지 않습니다.
side-one = 한쪽만 있습니다. 바뀌기 전 페이지의 응답은 보관되지 않았습니다. 여기 있는 것으로는 인용 당시 페이지에 무엇이 적혀 있었는지 알 수 없습니다.
side-well = 링크가 나빠진 것을 보여 주는 응답은 보관되어 있지 않습니다.

## Everything that is kept.

kept-heading = 보관된 모든 응답
head-vantage = 측정 지점
head-answer = 확인된 내용
head-status = HTTP 상태 코드
head-uid = 측정 번호
head-record = WARC 레코드
head-hash = 페이지의 SHA-256
method-line = 측정 방법과 확인 방법은 `method.html`에 있습니다.
