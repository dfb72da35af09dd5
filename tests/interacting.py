"""A day in a group where everything is open, lived in a process of its own, until it is killed."""

import os

from sop.events import GroupCreated, PackEnforced
from storage.database import Database
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import MINUTE, Life

PACK = """
score:
  earn:
    message: {points: 1, cap: 5/day}
    reply: {points: 3}
    question: {points: 2}
    answer: {points: 5}
    accepted: {points: 10}
    share: {points: 8}
    story: {points: 6}
    wish: {points: 1}
    checkin: {points: 2, cap: 1/day}
    win: {points: 2}
    like-given: {points: 1}
    like-received: {points: 2}
    comment: {points: 2}
    invite: {points: 5}
benefits: [{id: cup, title: 杯子, kind: code, stock: 2}]
steps:
  - id: everything
    when: group.created
    do:
      - {ask: 今天读到哪里了？, for: 90m, ack: first 1}
      - {questions: {title: 答疑, for: 80m, digest: true}}
      - {game: riddle, for: 70m}
      - {collect: {id: stories, title: 故事, for: 100m, goal: 2, prizes: [{top: 1, benefit: cup}]}}
      - {collect: {id: wishes, title: 心愿墙, kind: wish, anonymous: true, for: 100m}}
      - {vote: {title: 下月读什么, options: [红楼, 三国], for: 60m}}
      - {signup: {title: 线下读书会, for: 2h, at: 5d at 14:00, places: 2, waitlist: true}}
      - {challenge: {id: run, title: 晨跑, days: 3, daily: 晨跑}}
"""

WHO = ("li", "wang", "amy", "chen", "zhao")

SAID = (
    "我读到第三章了，很有意思", "提问 第三章的目录像什么？", "回答 1 像一张地图，先看路再走",
    "采纳 2", "投稿 我家门口的老书店", "赞 3", "评 3 写得真好，想去看看", "心愿 一个角落",
    "投票 1", "投票 2", "报名", "取消报名", "参加挑战", "打卡 今天跑了三公里", "分享 一张思维导图",
    "@bot 积分", "邀请", "赞 4", "领取", "猜一猜是月亮", "排行", "撤回 3", "签到", "成长",
)  # fmt: skip


def line(number: int) -> tuple[str, str]:
    """Who says what as the day's line of that number."""
    return WHO[number * 3 % len(WHO)], SAID[number * 7 % len(SAID)]


LINES = 75


def live(url: str) -> None:
    """Live the day from its first line on the database of that URL.

    It says the number of each line once that is committed; what was lived before is sent again.
    """
    life = Life(Database(url), builders.book(PACK), EVENING)
    where = {"community": COMMUNITY, "at": EVENING}
    life.handle(
        PackEnforced(key="enforce", version="v1", groups=(builders.group(created_at=0),), **where)
    )
    life.handle(GroupCreated(key="created", group=GROUP, owner="owner", members=WHO, **where))
    for number in range(LINES):
        life.wait(EVENING + (number + 1) * 2 * MINUTE)
        sender, words = line(number)
        life.say(words, sender)
        os.write(1, f"{number}\n".encode())
    life.wait(EVENING + 5 * 60 * MINUTE)
    os.write(1, b"end\n")
