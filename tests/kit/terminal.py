#!/usr/bin/env python3
"""terminal.py COLUMNSxLINES[,COLUMNSxLINES,PATTERN] COMMAND ...: run a command on a terminal of this size, which has
the other one once a line of that pattern was shown. Each line that any picture of it had is printed once, behind a '|'
and digits as 9; then whether there were colours, then what stands on it at the end, with what has scrolled away above.
What breaks the picture is told: a line that is too long, unless it is of the log, or a cursor that would leave the
terminal at its top."""
import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time


def set_size(fd, size):
    columns, lines = (int(n) for n in size.split('x'))
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', lines, columns, 0, 0))
    return columns, lines


class Screen:
    def __init__(self, size):
        self.rows, self.y, self.x, self.broken = [''], 0, 0, []
        self.seen, self.coloured = {}, False
        self.size, self.next_size, self.old_pictures = size, None, 0

    def becomes(self, size):
        # The picture that is being drawn is of the old size still.
        self.next_size, self.old_pictures = size, 2

    def text(self, char):
        if self.x >= self.size[0] and not self.rows[self.y].startswith('moisson: '):
            self.broken.append('too long: ' + self.rows[self.y])
            self.line_feed()
        row = self.rows[self.y]
        self.rows[self.y] = row[:self.x].ljust(self.x) + char + row[self.x + 1:]
        self.x += 1

    def line_feed(self):
        self.note()
        self.y, self.x = self.y + 1, 0
        if self.y == len(self.rows):
            self.rows.append('')

    def note(self):
        line = re.sub('[0-9]+', '9', re.sub(' +', ' ', self.rows[self.y])).strip()
        if line:
            self.seen.setdefault(line)

    def control(self, argument, letter):
        if letter == 'A':
            self.y -= int(argument or 1)
            if self.y < max(0, len(self.rows) - self.size[1]):
                self.broken.append('above the top')
                self.y = max(0, self.y)
        elif letter == 'J':
            self.rows[self.y] = self.rows[self.y][:self.x]
            del self.rows[self.y + 1:]
            self.old_pictures -= self.old_pictures > 0
            if self.next_size and self.old_pictures == 0:
                self.size, self.next_size = self.next_size, None
        elif letter == 'm':
            self.coloured = True
        else:
            self.broken.append('unknown: ' + argument + letter)

    def feed(self, text):
        for found in re.finditer(r'\x1b\[([0-9;]*)([A-Za-z])|(.)', text, re.S):
            if found[2]:
                self.control(found[1], found[2])
            elif found[3] == '\r':
                self.x = 0
            elif found[3] == '\n':
                self.line_feed()
            else:
                self.text(found[3])


def main():
    size, *later = sys.argv[1].split(',')
    pid, fd = pty.fork()
    if pid == 0:
        time.sleep(0.2)
        os.execvp(sys.argv[2], sys.argv[2:])
    screen, held = Screen(set_size(fd, size)), b''
    while True:
        ready = select.select([fd], [], [], 0)[0]
        if not ready and later and any(re.search(later[1], line) for line in screen.seen):
            screen.becomes(set_size(fd, later[0]))
            later = []
        if not ready and not select.select([fd], [], [], 0.1)[0]:
            continue
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        held += data
        cut = max(held.rfind(b'\n'), held.rfind(b'J')) + 1
        screen.feed(held[:cut].decode())
        held = held[cut:]
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    for line in screen.seen:
        print('|' + line)
    print('coloured' if screen.coloured else 'plain')
    for line in screen.rows:
        if line:
            print(line.rstrip())
    for line in screen.broken:
        print('broken: ' + line)
    sys.exit(status)


main()
