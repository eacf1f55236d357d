import "./menu.css";
import { clsx } from "clsx";
import { DropdownMenu } from "radix-ui";
import type { ReactElement, ReactNode } from "react";

type MenuProps = {
  trigger: ReactElement;
  children: ReactNode;
  align?: "start" | "end";
  side?: "top" | "bottom";
};

/** A list of things to do that hangs on the button given as `trigger`. */
export function Menu({ trigger, children, align = "start", side = "bottom" }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu"
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

type MenuItemProps = {
  icon: ReactNode;
  children: string;
  onSelect: () => void;
  tone?: "plain" | "danger";
};

export function MenuItem({ icon, children, onSelect, tone = "plain" }: MenuItemProps) {
  return (
    <DropdownMenu.Item className={clsx("menu-item", `menu-item-${tone}`)} onSelect={onSelect}>
      {icon}
      {children}
    </DropdownMenu.Item>
  );
}
